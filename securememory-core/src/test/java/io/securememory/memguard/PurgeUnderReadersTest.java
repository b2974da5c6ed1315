package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.PurgeReport;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Occupant;
import io.securememory.testing.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PurgeUnderReadersTest {

    private static final int SIZE = 100_000;
    private static final int ROUNDS = Effort.of("purge.rounds", 10, 60);

    /** What is dropped is counted later: no collection may close it. */
    private static final MemGuardOptions OPTIONS = MemGuardOptions.DEFAULTS.withLeakDetection(LeakDetection.OFF);

    private final Workers threads = new Workers();

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    private static MemGuard guard() {
        return MemGuard.create(MemCalls.lookup(NativeAccess.JNA), OPTIONS);
    }

    @Test
    void noActionEndsNormallyAfterItReadAWipedByte() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            MemGuard guard = guard();
            LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(SIZE));
            CountDownLatch inside = new CountDownLatch(1);
            Future<?> staying = threads.run(() -> readUntilPurged(buffer, inside));
            Future<?> another = threads.run(() -> readUntilPurged(buffer, inside));
            Await.open("a reader", inside);
            guard.purge(Duration.ZERO);
            Await.result(staying);
            Await.result(another);
            guard.shutDown();
        }
    }

    private static void readUntilPurged(LockedBuffer buffer, CountDownLatch inside) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean intact = buffer.withBytes(view -> {
                    inside.countDown();
                    return view.contentEquals(LockedBufferContract.pattern(SIZE));
                });
                assertThat(intact).as("a result that is not void").isTrue();
            }
        } catch (SecretClosedException expected) {
            assertThat(buffer.isAlive()).isFalse();
        } finally {
            inside.countDown();
        }
    }

    @Test
    void windowsOfSecretsThatAreNotPurgedKeepTheirContent() throws Exception {
        MemGuard guard = guard();
        LockedBuffer purged = guard.moveFrom(LockedBufferContract.pattern(32));
        Occupant<ByteBuffer> reader = Occupant.enter(
                threads,
                place -> purged.withBytes(view -> {
                    ByteBuffer window = view.asByteBuffer();
                    place.stay();
                    assertThat(window).as("the purged one's").isEqualTo(ByteBuffer.allocate(32));
                    return window;
                }));
        Future<?> purging = threads.run(() -> guard.purge(Duration.ofMillis(200)));
        Await.until("the purge", () -> !purged.isAlive());
        LockedBuffer created = guard.moveFrom(LockedBufferContract.pattern(32));
        created.withBytes(view -> {
            ByteBuffer window = view.asByteBuffer();
            Await.until("the end of the purge", purging::isDone);
            return assertThat(window).isEqualTo(ByteBuffer.wrap(LockedBufferContract.pattern(32)));
        });
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(reader::leave)
                .withCauseInstanceOf(SecretClosedException.class);
        Await.result(purging);
        assertThat(created.isAlive()).isTrue();
        guard.shutDown();
    }

    @Test
    void idleSecretsAreWipedBeforeAnyReaderIsWaitedFor() throws Exception {
        int page = MemCalls.system().pageSize();
        MemGuard guard = MemGuard.create(MemCalls.system(), OPTIONS.withLockLimitBytes(20L * page));
        List<LockedBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            buffers.add(guard.moveFrom(LockedBufferContract.pattern(32)));
        }
        Occupant<Boolean> reader = Occupant.enter(
                threads,
                place -> buffers.get(10).withBytes(view -> {
                    place.stay();
                    return view.contentEquals(LockedBufferContract.pattern(32));
                }));
        Future<PurgeReport> purging = threads.submit(() -> guard.purge(Duration.ofSeconds(30)));

        Await.until("the others to be wiped", () -> guard.status().liveBuffers() <= 1);
        assertThat(purging).as("waits for the reader").isNotDone();
        for (int i = 0; i < 19; i++) {
            guard.allocate(32); // What is wiped makes room at the limit, though the purge has not ended.
        }
        assertThat(guard.status().lockedBytes()).isEqualTo(20L * page);

        assertThat(reader.leave()).as("read the whole secret").isTrue();
        assertThat(Await.result(purging).wiped()).isEqualTo(20);
        assertThat(guard.purge().wiped()).isEqualTo(19);
        assertThat(guard.status().lockedBytes()).isZero();
        guard.shutDown();
    }

    @Test
    void readerWhoseSecretIsWipedAlreadyIsNotWaitedForAgain() throws Exception {
        MemGuard guard = guard();
        LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(32));
        Occupant<Integer> reader = Occupant.enter(
                threads,
                place -> buffer.withBytes(view -> {
                    place.stay();
                    return view.length();
                }));
        assertThat(guard.purge(Duration.ZERO).deferred()).isEqualTo(1);

        PurgeReport again = Await.result(threads.submit(() -> guard.purge(Duration.ofDays(1))));

        assertThat(again.deferred()).isEqualTo(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(reader::leave)
                .withCauseInstanceOf(SecretClosedException.class);
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @Test
    void aReaderOfASealedSecretKeepsNoProtectedSecretAndNoBufferAlive() throws Exception {
        SecureMemoryOptions options =
                SecureMemoryOptions.builder().leakDetection(LeakDetection.OFF).build();
        try (SecureMemory session = SecureMemory.create(options)) {
            Secret sealed = session.secrets(Storage.SEALED).createRandom(32);
            session.secrets(Storage.PROTECTED).createRandom(32);
            session.memGuard().allocate(32);
            Occupant<Integer> reader = Occupant.enter(
                    threads,
                    place -> sealed.withBytes(view -> {
                        place.stay();
                        return view.length();
                    }));
            Future<PurgeReport> purging = threads.submit(() -> session.purge(Duration.ofSeconds(30)));

            Await.until(
                    "the others to be wiped",
                    () -> session.status().liveProtected() + session.status().liveBuffers() == 0);
            assertThat(purging).as("waits for the reader").isNotDone();

            assertThat(reader.leave()).isEqualTo(32);
            assertThat(Await.result(purging).wiped()).isEqualTo(3);
        }
    }

    @Test
    void innerAccessThatReadWipedBytesIsVoidToo() {
        MemGuard guard = guard();
        LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(32));

        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> buffer.withBytes(outer -> {
                    AtomicBoolean ended = new AtomicBoolean();
                    assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> {
                        buffer.withBytes(inner -> guard.purge().deferred());
                        ended.set(true);
                    });
                    assertThat(ended).isFalse();
                    return 1;
                }));
    }

    @Test
    void writerCannotFillAPurgedBufferAgain() {
        MemGuard guard = guard();
        LockedBuffer buffer = guard.allocate(32);

        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> buffer.mutate(view -> {
                    guard.purge();
                    assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> view.put(0, (byte) 1));
                    assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> view.get(0));
                }));
    }
}
