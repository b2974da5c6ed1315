package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {

    @Test
    void outputOfBothStreamsAndExitCodeAreHandedOver() {
        Result result = ChildJvm.onTestClassPath(Speaks.class)
                .arguments("7")
                .options("-Dsaid=hello")
                .environment("SAID", "world")
                .run();

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.output()).contains("hello", "world", "Zürich");
    }

    @Test
    void optionsOfTheEnvironmentAreNotHandedOn() {
        java.util.Map<String, String> environment = new java.util.TreeMap<>(
                java.util.Map.of("JAVA_TOOL_OPTIONS", "-Xint", "JDK_JAVA_OPTIONS", "-Xint", "PATH", "/bin"));

        Program.prepare(environment);

        assertThat(environment).containsOnlyKeys("PATH");
    }

    @Test
    void childThatDoesNotEndShowsWhatItSaidAndItsThreadsAndIsKilledWithAllThatItStarted(@TempDir Path directory)
            throws Exception {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> ChildJvm.onTestClassPath(StartsAnother.class)
                        .within(Duration.ofSeconds(4))
                        .run(directory))
                .withMessageContaining("did not end within 4000 ms")
                .withMessageContaining("waiting for the other one")
                .withMessageContaining("ChildJvmTest$StartsAnother.main(ChildJvmTest.java:")
                .withMessageContaining("EndingTest$Sleeper.main(EndingTest.java:");

        for (String pid : Files.readAllLines(directory.resolve("pids"))) {
            Await.until(
                    "the end of " + pid,
                    () -> ProcessHandle.of(Long.parseLong(pid))
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
        }
    }

    @Test
    void childOfATestThatIsInterruptedIsKilled(@TempDir Path directory) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread test = new Thread(() -> {
            try {
                ChildJvm.onTestClassPath(StartsAnother.class).run(directory);
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        test.start();
        Path pids = directory.resolve("pids");
        Await.until(
                "both processes",
                () -> Files.exists(pids) && Files.readAllLines(pids).size() == 2);
        test.interrupt();
        Await.end(test);

        assertThat(failure.get()).isInstanceOf(AssertionError.class).hasMessageContaining("interrupted while");
        for (String pid : Files.readAllLines(pids)) {
            Await.until(
                    "the end of " + pid,
                    () -> ProcessHandle.of(Long.parseLong(pid))
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
        }
    }

    /** Says what it is told. */
    static final class Speaks {
        private Speaks() {}

        public static void main(String[] arguments) {
            System.out.println(System.getProperty("said"));
            System.err.println(System.getenv("SAID"));
            System.out.writeBytes("Zürich\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            System.out.flush();
            System.exit(Integer.parseInt(arguments[0]));
        }
    }

    /** Waits for one that sleeps. */
    static final class StartsAnother {
        private StartsAnother() {}

        public static void main(String[] arguments) throws Exception {
            Process other = new ProcessBuilder(
                            ChildJvm.onTestClassPath(EndingTest.Sleeper.class).command())
                    .start();
            other.getInputStream().read();
            Path pids = Files.write(
                    Path.of("pids.written"),
                    List.of(Long.toString(ProcessHandle.current().pid()), Long.toString(other.pid())));
            Files.move(pids, Path.of("pids"));
            System.out.println("waiting for the other one");
            new CountDownLatch(1).await(1, TimeUnit.HOURS);
        }
    }
}
