package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything is rotated every two seconds under load: keys of HMAC and of tokens, the key and the certificate of TLS, the
 * passwords of PostgreSQL and of Redis. No request fails, and nothing of any version is left on the heap.
 */
@OnceInShortForm
class RotationLoadIT {

    private static final int SECONDS = Effort.of("tests.rotation-seconds", 9, 600);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final int LIVE_SECRETS = 4;
    private static final int LOCKED_KIB = 5;
    private static final int HEAP_KIB = 6;

    /** Their drivers have copies for a moment; see docs/credentials.md. */
    private static final List<String> LEAVE_GARBAGE = List.of("database", "redis");

    @TempDir
    Path directory;

    private final AtomicInteger number = new AtomicInteger();

    private void rotate(PostgresServer database, RedisServer redis) {
        run("sh", "rotate.sh", ".", Integer.toString(number.incrementAndGet()), database.psql(), "" + redis.port());
    }

    private void run(String... command) {
        try {
            Path output = directory.resolve("script.log");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            boolean ended = process.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended && process.exitValue() == 0)
                    .as(Arrays.toString(command) + ": " + Files.readString(output))
                    .isTrue();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void makeAuthority() throws IOException {
        try (InputStream script = RotationLoadIT.class.getResourceAsStream("/rotate.sh")) {
            Files.copy(
                    Objects.requireNonNull(script),
                    directory.resolve("rotate.sh"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ca.key");
        run(
                "openssl",
                "req",
                "-x509",
                "-new",
                "-key",
                "ca.key",
                "-subj",
                "/CN=authority",
                "-days",
                "2",
                "-out",
                "ca.pem");
    }

    @Test
    void noRequestFailsAndNothingIsLeft() throws Exception {
        makeAuthority();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (PostgresServer database = PostgresServer.start(SecretText.random());
                RedisServer redis =
                        RedisServer.start(Files.createDirectory(directory.resolve("server")), SecretText.random())) {
            rotate(database, redis);
            try (RunningChild child = RunningChild.start(program(database, redis), directory)) {
                child.awaitLine("READY", Await.LIMIT.multipliedBy(2));
                Future<?> rotations = clock.scheduleAtFixedRate(
                        () -> rotate(database, redis), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                new CountDownLatch(1).await(SECONDS, TimeUnit.SECONDS); // The load is measured by time.
                assertThat(rotations.isDone()).as("a rotation has failed").isFalse();
                rotations.cancel(false);
                clock.shutdown();
                assertThat(clock.awaitTermination(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                child.say("stop");
                int exit = child.awaitExit(Duration.ofMinutes(3));
                System.out.println(child.output());
                assertThat(exit).isZero();
                check(child.output());
            }
        } finally {
            clock.shutdownNow();
        }
    }

    private List<String> program(PostgresServer database, RedisServer redis) {
        return ChildJvm.onTestClassPath(RotationLoadProgram.class)
                .withNativeAccess()
                .options("-Xmx192m", "-XX:+UseSerialGC")
                .arguments(directory.toString(), database.url(), Integer.toString(redis.port()))
                .command();
    }

    private void check(String output) {
        assertThat(output).containsPattern("REQUESTS [1-9]\\d* FAILURES 0\n");
        for (String secret : RotationLoadProgram.SECRETS) {
            assertThat(output)
                    .contains("RETAINED " + secret + " 1\n")
                    .containsPattern("SEARCHED " + secret + " versions \\d+ of " + number.get() + " live 0 "
                            + (LEAVE_GARBAGE.contains(secret) ? "" : "dead 0 elsewhere 0 proof true"));
        }
        assertThat(output).doesNotContain("proof false");
        List<String> samples = output.lines()
                .filter(line -> line.startsWith(RotationLoadProgram.SAMPLE))
                .toList();
        assertThat(samples).hasSizeGreaterThan(2);
        String[] last = samples.get(samples.size() - 1).split(" ");
        assertThat(Arrays.stream(last).skip(7).mapToLong(Long::parseLong))
                .as("versions of each secret: " + String.join(" ", last))
                .allMatch(version -> version > 2);
        if (Effort.isThorough()) {
            requireFlat(samples, LIVE_SECRETS);
            requireFlat(samples, LOCKED_KIB);
            requireFlat(samples, HEAP_KIB);
        }
    }

    /** The last third is as high as the second one, give or take a fifth. */
    private static void requireFlat(List<String> samples, int column) {
        double[] values = samples.stream()
                .mapToDouble(sample -> Double.parseDouble(sample.split(" ")[column]))
                .toArray();
        int third = values.length / 3;
        double middle = Arrays.stream(values, third, 2 * third).average().orElseThrow();
        double last = Arrays.stream(values, 2 * third, values.length).average().orElseThrow();
        assertThat(last).as("column " + column + " of " + samples).isBetween(middle * 0.8, middle * 1.2);
    }
}
