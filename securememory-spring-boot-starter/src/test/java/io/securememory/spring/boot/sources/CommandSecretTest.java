package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Secrets that a command writes. */
@ExtendWith(OutputCaptureExtension.class)
@OnceInShortForm
class CommandSecretTest {

    private static final String KEY = "securememory.secrets.key.";

    @TempDir
    Path directory;

    /** What a shell script writes: the script is an argument, and no shell of ours. */
    private ApplicationContextRunner script(String script) {
        return Starter.runner()
                .withPropertyValues(
                        KEY + "command[0]=/bin/sh", KEY + "command[1]=" + write(directory, "script", script));
    }

    @Test
    void theOutputIsASecretAndItsErrorsAreNot(CapturedOutput output) {
        script("printf '%s\\n' " + MARKER + "; echo " + MARKER + " >&2; cat").run(context -> {
            assertThat(text(context.getBean("key", Secret.class))).isEqualTo(MARKER);
            assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                    .isZero();
        });
        assertThat(output).doesNotContain(MARKER);
    }

    @Test
    void aLongOutputIsTakenWhole() {
        script("head -c 1000000 /dev/zero | tr '\\0' x")
                .run(context -> assertThat(context.getBean("key", Secret.class).length())
                        .isEqualTo(1_000_000));
    }

    @Test
    void newOutputIsFollowed() {
        Path text = write(directory, "text", "old");
        script("cat " + text).withPropertyValues(KEY + "reload-interval=100ms").run(context -> {
            Secret secret = context.getBean("key", Secret.class);
            assertThat(text(secret)).isEqualTo("old");
            Files.move(write(directory, "next", "new"), text, StandardCopyOption.ATOMIC_MOVE);
            Await.until("the new output", () -> text(secret).equals("new"));
        });
    }

    /** What a command does, and what is said. */
    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        "echo " + MARKER + "; echo " + MARKER + " >&2; exit 3",
                        Reason.UNREACHABLE,
                        "it ended with code 3."),
                Arguments.of("exit 0", Reason.EMPTY, "it writes nothing."),
                Arguments.of("echo", Reason.EMPTY, "holds nothing but a line break."),
                Arguments.of(
                        "head -c 1048577 /dev/zero; exec sleep 50",
                        Reason.TOO_LARGE,
                        "it writes more than 1048576 bytes."),
                Arguments.of("kill -9 $$", Reason.UNREACHABLE, "it ended with code 137."));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultLaterKeepsTheOldContent(String fault, Reason reason, String problem, CapturedOutput output) {
        Path script = directory.resolve("script");
        script("echo old").run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            write(directory, "script", fault);
            assertThatExceptionOfType(DeclaredSecretException.class)
                    .isThrownBy(() -> store.reload("key"))
                    .withMessageStartingWith(
                            "The secret 'key' (" + KEY + "command) cannot be loaded from the output of /bin/sh: ")
                    .withMessageContaining(problem)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
            assertThat(text(store.get("key"))).isEqualTo("old");
            assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                    .isZero();
        });
        assertThat(script).exists();
        assertThat(output).doesNotContain(MARKER);
    }

    @Test
    void aCommandThatDoesNotEndIsEndedWithAllThatItHasStarted() {
        Path begun = directory.resolve("begun");
        String one = "sh -c 'echo $$ >> " + begun + "; exec sleep 50'";
        script(one + " & " + one + "; true")
                .withPropertyValues(KEY + "timeout=1s")
                .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                        .contains("it did not end within 1000ms, and was ended."));
        Await.until(
                "the end of both",
                () -> Files.readAllLines(begun).stream()
                        .noneMatch(pid -> ProcessHandle.of(Long.parseLong(pid))
                                .filter(ProcessHandle::isAlive)
                                .isPresent()));
        assertThat(begun).content().hasLineCount(2);
    }

    /** It has left its parent, so nothing tells that it belongs to the command. */
    @Test
    void aProcessThatHoldsTheOutputOpenDelaysTheStartForTheTimeoutAtMost() {
        Path begun = directory.resolve("begun");
        script("setsid sh -c 'echo $$ > " + begun + "; exec sleep 50' & echo x")
                .withPropertyValues(KEY + "timeout=1s")
                .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                        .contains("it did not end within 1000ms, and was ended."));
        Await.until("the process", () -> Files.size(begun) > 0);
        try {
            ProcessHandle.of(Long.parseLong(Files.readString(begun).strip())).ifPresent(ProcessHandle::destroyForcibly);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aProgramThatIsMissingIsToldWithoutItsArguments(CapturedOutput output) {
        Starter.runner()
                .withPropertyValues(KEY + "command=/nowhere/program," + MARKER)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining(
                                "cannot be loaded from the output of /nowhere/program: it cannot be started."));
        assertThat(output).doesNotContain(MARKER);
    }

    @Test
    void noPipeIsLeft() throws Exception {
        String before = System.setProperty("java.io.tmpdir", directory.toString());
        try {
            script("echo x").run(context -> assertThat(context).hasNotFailed());
        } finally {
            System.setProperty("java.io.tmpdir", String.valueOf(before));
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("script");
        }
    }
}
