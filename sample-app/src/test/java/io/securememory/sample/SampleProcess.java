package io.securememory.sample;

import io.securememory.testing.Await;
import io.securememory.testing.Http;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/** A running sample: requests to it, what it prints, and its end. Closing kills it and deletes its directory. */
final class SampleProcess implements AutoCloseable {

    private static final String STARTED = "Tomcat started on port ";
    private static final Pattern PORT = Pattern.compile(STARTED + "(\\d+)");
    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final RunningChild child;
    private final Path directory;
    private final Path errors;
    private OptionalInt port = OptionalInt.empty();

    SampleProcess(RunningChild child, Path directory, Path errors) {
        this.child = child;
        this.directory = directory;
        this.errors = errors;
    }

    void awaitHealthy() {
        port();
        Await.value("health", TIMEOUT, () -> {
            if (!child.isAlive()) {
                throw new AssertionError("the sample ended\n" + output() + errors());
            }
            return Optional.of(get("/actuator/health")).filter(response -> response.statusCode() == 200);
        });
    }

    /** Looked up once: the log may become long. */
    synchronized int port() {
        if (port.isEmpty()) {
            Matcher matcher = PORT.matcher(child.awaitLine(STARTED, TIMEOUT));
            if (!matcher.find()) {
                throw new AssertionError("no port in\n" + output());
            }
            port = OptionalInt.of(Integer.parseInt(matcher.group(1)));
        }
        return port.getAsInt();
    }

    /** Waits for lines with these texts, which may come in any order. */
    void awaitEach(String... texts) {
        child.awaitEach(texts);
    }

    boolean isAlive() {
        return child.isAlive();
    }

    long pid() {
        return child.pid();
    }

    /** Its working directory. */
    Path directory() {
        return directory;
    }

    String output() {
        return child.output();
    }

    String errors() {
        try {
            return new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
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
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    /** Writes the body of the response to a file in the sample's directory, and nothing of one before stays in it. */
    HttpResponse<Path> download(String path, String file) {
        return send(
                request(path).build(),
                BodyHandlers.ofFile(
                        directory.resolve(file),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING));
    }

    HttpResponse<String> send(HttpRequest request) {
        return send(request, BodyHandlers.ofString());
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        return Http.send(client, request, handler, TIMEOUT);
    }

    /** Sends a signal, for example {@code TERM}. */
    void signal(String name) {
        child.signal(name);
    }

    /** Waits for the end. */
    int awaitExit() {
        return awaitExit(TIMEOUT);
    }

    /** Waits for the end within a limit of its own. */
    int awaitExit(Duration limit) {
        return child.awaitExit(limit);
    }

    @Override
    public void close() {
        child.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
