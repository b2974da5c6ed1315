package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a test does, its virtual machine ends, and says where it was. */
class EndingTest {

    private static Result run(Class<?> tests, Path directory, String... options) throws Exception {
        Files.createDirectories(directory.resolve("target"));
        return ChildJvm.onTestClassPath(JUnitRun.class)
                .arguments(tests.getName())
                .options("-Dendless=true")
                .options(options)
                .quickStart()
                .run(directory);
    }

    @Test
    void testThatLoopsForEverEndsItsVirtualMachineWithItsStack(@TempDir Path directory) throws Exception {
        Result result = run(Loops.class, directory);

        assertThat(result.exitCode()).as(result.output()).isEqualTo(99);
        assertThat(result.output())
                .contains("TIME IS UP for " + Loops.class.getName(), "NOT INTERRUPTED")
                .contains("EndingTest$Loops.loop(EndingTest.java:");
        try (var files = Files.list(directory.resolve("target"))) {
            assertThat(files)
                    .as("the same in files")
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(file).content().contains("EndingTest$Loops.loop("));
        }
    }

    @Test
    void testThatWaitsForEverFailsWithItsStackAndTheOthersGoOn(@TempDir Path directory) throws Exception {
        Result result = run(Waits.class, directory);

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output())
                .contains(
                        "TIME IS UP for " + Waits.class.getName(), "1 succeeded, 1 failed", "timed out after 1 second")
                .contains("EndingTest$Waits.waitForEver(EndingTest.java:");
    }

    @Test
    void classThatNeverBeginsEndsItsVirtualMachineWithTheThreadsOfItsChildren(@TempDir Path directory)
            throws Exception {
        Result result = run(NeverBegins.class, directory, "-Dtests.silence-limit=3");

        assertThat(result.exitCode()).as(result.output()).isEqualTo(99);
        assertThat(result.output())
                .contains("NOTHING has begun or ended for 3 s")
                .contains("EndingTest$NeverBegins.<clinit>(EndingTest.java:")
                .contains("EndingTest$Sleeper.main(EndingTest.java:");
    }

    @Timeout(1)
    @EnabledIfSystemProperty(named = "endless", matches = "true")
    static class Loops {
        private volatile int turns;

        @Test
        void loop() {
            while (turns >= 0) {
                turns = (turns + 1) & 0xFF;
            }
        }
    }

    @Timeout(1)
    @EnabledIfSystemProperty(named = "endless", matches = "true")
    static class Waits {
        @Test
        void waitForEver() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @Test
        void other() {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @EnabledIfSystemProperty(named = "endless", matches = "true")
    static class NeverBegins {
        static {
            Process child = start();
            try {
                new CountDownLatch(1).await(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            child.destroy();
        }

        private static Process start() {
            try {
                return new ProcessBuilder(
                                ChildJvm.onTestClassPath(Sleeper.class).command())
                        .start();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Test
        void never() {
            throw new AssertionError("not reached");
        }
    }

    /** A child of a child. */
    static final class Sleeper {
        private Sleeper() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("asleep");
            new CountDownLatch(1).await(1, TimeUnit.HOURS);
        }
    }
}
