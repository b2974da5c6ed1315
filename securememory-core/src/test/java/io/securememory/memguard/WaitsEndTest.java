package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.Occupant;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody waits for itself, and no wait for a buffer outlasts its close or its purge. */
class WaitsEndTest {

    private static final Duration LONG = Duration.ofSeconds(40);

    /** What waits for a writer. */
    private enum Waiting {
        READ(buffer -> buffer.contentEquals(new byte[8])),
        WRITE(LockedBuffer::wipe),
        FREEZE(LockedBuffer::freeze),
        SEAL(LockedBuffer::seal);

        private final Consumer<LockedBuffer> use;

        Waiting(Consumer<LockedBuffer> use) {
            this.use = use;
        }
    }

    private final Workers threads = new Workers();
    private final MemGuard guard = MemGuard.create(
            MemCalls.system(), MemGuardOptions.DEFAULTS.withCloseTimeout(LONG).withLeakDetection(LeakDetection.OFF));
    private final LockedBuffer buffer = guard.allocate(8);

    @AfterEach
    void end() {
        threads.close();
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    /** A thread that is stopped by a wait. */
    private final class Waiter {
        private final AtomicReference<Thread> thread = new AtomicReference<>();
        private final Future<Boolean> interrupted;

        Waiter(Runnable use) {
            interrupted = threads.submit(() -> {
                thread.set(Thread.currentThread());
                try {
                    use.run();
                } catch (SecretClosedException e) {
                    return Thread.interrupted();
                }
                throw new AssertionError("was not refused");
            });
        }

        Waiter awaitWaiting() {
            Await.until("a thread that waits", () -> {
                Thread started = thread.get();
                return interrupted.isDone() || (started != null && started.getState() == Thread.State.WAITING);
            });
            assertThat(interrupted).isNotDone();
            return this;
        }

        void interrupt() {
            thread.get().interrupt();
        }

        /** Returns whether the thread was interrupted, once it was refused. */
        boolean awaitRefused() throws ExecutionException {
            return Await.result(interrupted);
        }
    }

    private Occupant<Boolean> writer() throws ExecutionException {
        return Occupant.enter(threads, place -> {
            buffer.mutate(view -> place.stay());
            return true;
        });
    }

    @Test
    void meltInsideTheOwnMutateReturns() throws ExecutionException {
        assertThat(Await.result(threads.submit(() -> {
                    buffer.mutate(view -> {
                        view.put(0, (byte) 7);
                        buffer.melt();
                        buffer.mutate(nested -> buffer.melt());
                        assertThatIllegalStateException().isThrownBy(buffer::freeze);
                    });
                    return buffer.isMutable();
                })))
                .isTrue();
        assertThat(buffer.contentEquals(new byte[] {7, 0, 0, 0, 0, 0, 0, 0})).isTrue();
    }

    @Test
    void meltInsideTheOwnMutateIsRefusedOnceTheBufferIsClosed() throws ExecutionException {
        Await.result(threads.run(() -> buffer.mutate(view -> {
            buffer.close();
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(buffer::melt);
        })));
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @Test
    void meltDoesNotWaitForTheWriterOfAnotherThread() throws ExecutionException {
        Occupant<Boolean> writer = writer();

        Await.result(threads.run(buffer::melt));

        assertThat(writer.leave()).isTrue();
        assertThat(buffer.isMutable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void closeEndsEveryWaitForAWriterWhoStays(Waiting waiting) throws ExecutionException {
        Occupant<Boolean> writer = writer();
        Waiter waiter = new Waiter(() -> waiting.use.accept(buffer)).awaitWaiting();
        Future<?> closing = threads.run(buffer::close);

        assertThat(waiter.awaitRefused()).isFalse();
        assertThat(closing).as("waits for the writer").isNotDone();
        assertThat(writer.leave()).isTrue();
        Await.result(closing);
    }

    @ParameterizedTest
    @EnumSource
    void purgeEndsEveryWaitForAWriterWhoStays(Waiting waiting) throws ExecutionException {
        Occupant<Boolean> writer = writer();
        Waiter waiter = new Waiter(() -> waiting.use.accept(buffer)).awaitWaiting();
        Future<PurgeReport> purging = threads.submit(() -> guard.purge(LONG));

        assertThat(waiter.awaitRefused()).isFalse();
        assertThat(purging).as("waits for the writer").isNotDone();
        assertThat(writer.leave()).isTrue();
        assertThat(Await.result(purging).wiped()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void interruptionEndsNoWaitAndIsKept(Waiting waiting) throws ExecutionException {
        Occupant<Boolean> writer = writer();
        Waiter waiter = new Waiter(() -> waiting.use.accept(buffer)).awaitWaiting();

        waiter.interrupt();
        waiter.awaitWaiting();
        Future<?> closing = threads.run(buffer::close);

        assertThat(waiter.awaitRefused()).isTrue();
        assertThat(writer.leave()).isTrue();
        Await.result(closing);
    }

    /** Each of two threads writes a buffer and reads the other's. */
    @ParameterizedTest
    @ValueSource(strings = {"close", "purge", "shut down"})
    void threadsThatWaitForEachOtherAreFreeAfterTheEndOfABuffer(String end) throws ExecutionException {
        LockedBuffer other = guard.allocate(8);
        CountDownLatch both = new CountDownLatch(2);
        Waiter one = new Waiter(() -> writeAndRead(buffer, other, both));
        Waiter two = new Waiter(() -> writeAndRead(other, buffer, both));
        Await.open("both writers", both);
        one.awaitWaiting();
        two.awaitWaiting();

        Future<?> ending = threads.run(() -> {
            switch (end) {
                case "close" -> buffer.close();
                case "purge" -> guard.purge(LONG);
                default -> guard.shutDown();
            }
        });

        assertThat(one.awaitRefused()).isFalse();
        assertThat(two.awaitRefused()).isFalse();
        Await.result(ending);
    }

    private static void writeAndRead(LockedBuffer written, LockedBuffer read, CountDownLatch both) {
        written.mutate(view -> {
            both.countDown();
            Await.open("both writers", both);
            read.contentEquals(new byte[8]);
        });
        throw new SecretClosedException("The other one was refused.");
    }

    @Test
    void readerInsideAMutateOfAnotherBufferDoesNotKeepAPurgeBeyondItsDeadline() throws ExecutionException {
        LockedBuffer own = guard.allocate(8);
        Occupant<Boolean> writer = writer();
        Waiter reader = new Waiter(() -> own.mutate(view -> buffer.contentEquals(new byte[8]))).awaitWaiting();

        Future<PurgeReport> purging = threads.submit(() -> guard.purge(Duration.ofMillis(100)));

        assertThat(reader.awaitRefused()).isFalse();
        PurgeReport report = Await.result(purging);
        assertThat(report.wiped()).isEqualTo(1);
        assertThat(report.deferred()).as("the writer stays").isEqualTo(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(writer::leave)
                .withCauseInstanceOf(SecretClosedException.class);
    }
}
