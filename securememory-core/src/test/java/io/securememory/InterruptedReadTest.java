package io.securememory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.securememory.SecretSourceException.Reason;
import io.securememory.testing.Await;
import io.securememory.testing.Program;
import io.securememory.testing.Workers;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interrupted thread reads a file all the same, and stops waiting for a pipe; it stays interrupted. */
class InterruptedReadTest {

    private final SecureMemory session = SecureMemory.create();
    private final Workers threads = new Workers();

    @TempDir
    Path directory;

    @AfterEach
    void nothingStaysBehind() {
        boolean interrupted = Thread.interrupted();
        threads.close();
        assertThat(interrupted).as("each test takes the interruption").isFalse();
        assertThat(session.status().liveBuffers()).isZero();
        assertThat(session.memGuard().status().enclaves().live()).isZero();
        session.close();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadReadsAFileAndStaysInterrupted(Storage storage) throws IOException {
        for (int size : new int[] {1, 3_000, 70_000}) {
            byte[] text = ("x".repeat(size) + "\n").getBytes(US_ASCII);
            Path file = Files.write(directory.resolve("file"), text);
            Thread.currentThread().interrupt();
            try (Secret whole = session.secrets(storage).read(file);
                    Secret trimmed = session.secrets(storage).read(file, Format.TEXT)) {
                assertThat(Thread.interrupted()).isTrue();
                assertThat(whole.contentEquals(text)).isTrue();
                assertThat(trimmed.length()).isEqualTo(size);
            }
        }
    }

    /** Of what is in {@code /proc}, nobody knows the length before. */
    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadReadsAFileOfUnknownLength(Storage storage) {
        Thread.currentThread().interrupt();
        try (Secret secret = session.secrets(storage).read(Path.of("/proc/self/status"))) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(secret.length()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureKeepsTheInterruption(Storage storage) throws IOException {
        for (Path file : List.of(directory.resolve("none"), Files.createFile(directory.resolve("empty")), directory)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(SecretSourceException.class)
                    .isThrownBy(() -> session.secrets(storage).read(file));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadDoesNotWaitForAPipe(Storage storage) throws Exception {
        Path pipe = pipe();
        try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw")) {
            writer.write('x');
            Thread.currentThread().interrupt();
            Throwable failure = catchThrowable(() -> session.secrets(storage).read(pipe));
            assertThat(Thread.interrupted()).isTrue();
            isInterruption(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptionEndsTheWaitForAPipeAndNothingOfItStays(Storage storage) throws Exception {
        Path pipe = pipe();
        AtomicReference<Thread> waiting = new AtomicReference<>();
        try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw");
                FileInputStream content = new FileInputStream(writer.getFD())) {
            writer.write("half of a secret".getBytes(US_ASCII));
            Future<Throwable> reader = threads.submit(() -> {
                waiting.set(Thread.currentThread());
                Throwable failure =
                        catchThrowable(() -> session.secrets(storage).read(pipe));
                assertThat(Thread.interrupted()).isTrue();
                return failure;
            });
            Await.until("the pipe to be empty", () -> reader.isDone() || content.available() == 0);
            waiting.get().interrupt();
            isInterruption(Await.result(reader));
        }
    }

    private Path pipe() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(Program.run("mkfifo", pipe.toString()).exitCode()).isZero();
        return pipe;
    }

    private static void isInterruption(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        SecretSourceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE))
                .hasMessageContaining("the thread was interrupted")
                .hasCauseInstanceOf(ClosedByInterruptException.class);
    }
}
