package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningChildTest {

    private static final Duration SOON = Duration.ofMillis(50);

    @TempDir
    Path directory;

    private RunningChild shell(String script) {
        return RunningChild.start(List.of("sh", "-c", script), directory);
    }

    @Test
    void whatIsSaidIsAnsweredAndTheEndIsSeen() {
        try (RunningChild child = shell("echo ready; read word; echo \"heard $word\"; exit 7")) {
            child.awaitLine("ready");
            child.say("a word");

            assertThat(child.awaitLine("heard")).isEqualTo("heard a word");
            assertThat(child.awaitExit()).isEqualTo(7);
            assertThat(child.isAlive()).isFalse();
            assertThat(child.output()).isEqualTo("ready\nheard a word\n");
        }
    }

    @Test
    void eachWaitIsForWhatComesBehindTheOneBefore() {
        try (RunningChild child = shell("echo one; echo two; echo one")) {
            child.awaitLine("one");
            child.awaitLine("one");
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> child.awaitLine("two"))
                    .withMessageContaining("it ended with 0 and without a line with 'two'");
        }
    }

    @Test
    void linesMayComeInAnyOrder() {
        try (RunningChild child = shell("echo b; echo c; echo a")) {
            child.awaitEach("a", "b");
            child.awaitLine("c");
        }
    }

    @Test
    void lastLineNeedsNoEnd() {
        try (RunningChild child = shell("printf 'no end'")) {
            assertThat(child.awaitLine("end")).isEqualTo("no end");
        }
    }

    @Test
    void aSignalArrives() {
        try (RunningChild child = shell("trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.02; done")) {
            child.awaitLine("ready");
            child.signal("TERM");
            child.awaitLine("told");
            assertThat(child.awaitExit()).isEqualTo(3);
        }
    }

    @Test
    void failureShowsWhatWasSaidAndTheThreads() {
        try (RunningChild child = RunningChild.start(
                ChildJvm.onTestClassPath(EndingTest.Sleeper.class).quickStart().command(), directory)) {
            child.awaitLine("asleep");
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> child.awaitLine("awake", SOON))
                    .withMessageContaining("it said:\nasleep")
                    .withMessageContaining("EndingTest$Sleeper.main(EndingTest.java:");
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> child.awaitExit(SOON))
                    .withMessageContaining("and said:\nasleep")
                    .withMessageContaining("EndingTest$Sleeper.main(EndingTest.java:");
        }
    }

    @Test
    void closingKillsWhatTheChildHasStarted() {
        ProcessHandle grandchild;
        try (RunningChild child = shell("sleep 600 & echo started; wait")) {
            child.awaitLine("started");
            grandchild = Await.value(
                    "the grandchild",
                    () -> ProcessHandle.of(child.pid())
                            .flatMap(shell -> shell.descendants().findFirst()));
        }
        Await.until("the end of the grandchild", () -> !isRunning(grandchild.pid()));
    }

    /** One that is dead and that nobody asks for its exit code is still listed, without a command. */
    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid).flatMap(handle -> handle.info().command()).isPresent();
    }

    @Test
    void whatEndsBeforeItSaysTheWordIsAFailureAtOnce() {
        try (RunningChild child = shell("echo no such file; exit 2")) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> child.awaitEach("ready", "steady"))
                    .withMessageContaining("it said:\nno such file")
                    .withMessageContaining("it ended with 2 and without [ready, steady]");
        }
    }

    @Test
    void optionsForAllVirtualMachinesAreNotHandedOn() {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo \"[$JDK_JAVA_OPTIONS]\"");
        builder.environment().put("JDK_JAVA_OPTIONS", "-Dx=y");
        try (RunningChild child = RunningChild.start(builder, directory.resolve("said"))) {
            assertThat(child.awaitLine("[")).isEqualTo("[]");
        }
    }
}
