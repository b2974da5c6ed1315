package io.securememory.sample;

import io.securememory.testing.Await;
import io.securememory.testing.Program;
import io.securememory.testing.ThreadDumps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/** A running sample: requests to it, what it prints, and its end. Closing kills it and deletes its directory. */
final class SampleProcess implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Process process;
    private final Path directory;
    private final Path output;
    private final Path errors;

    SampleProcess(Process process, Path directory, Path output, Path errors) {
        this.process = process;
        this.directory = directory;
        this.output = output;
        this.errors = errors;
    }

    void awaitHealthy() {
        int port = port();
        Await.value("health on port " + port, TIMEOUT, () -> {
            requireAlive();
            return Optional.of(get("/actuator/health")).filter(response -> response.statusCode() == 200);
        });
    }

    int port() {
        return Await.value("the port in the log", TIMEOUT, () -> {
            requireAlive();
            Matcher matcher = PORT.matcher(output());
            return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
        });
    }

    private void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("the sample ended with " + process.exitValue() + "\n" + output() + errors());
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Its working directory. */
    Path directory() {
        return directory;
    }

    String output() {
        return read(output);
    }

    String errors() {
        return read(errors);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.ofByteArray(body));
        return send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(TIMEOUT);
    }

    /** Writes the body of the response to a file in the sample's directory. */
    HttpResponse<Path> download(String path, String file) {
        return send(request(path).build(), BodyHandlers.ofFile(directory.resolve(file)));
    }

    HttpResponse<String> send(HttpRequest request) {
        return send(request, BodyHandlers.ofString());
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Sends a signal, for example {@code TERM}. */
    void signal(String name) {
        int result = Program.run("sh", "-c", "kill -" + name + " " + pid()).exitCode();
        if (result != 0) {
            throw new AssertionError("kill -" + name + " failed with " + result);
        }
    }

    /** Waits for the end. */
    int awaitExit() {
        try {
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the sample did not end\n" + output() + ThreadDumps.ofThisAndChildren());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        Program.kill(process.toHandle());
        awaitExit();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
