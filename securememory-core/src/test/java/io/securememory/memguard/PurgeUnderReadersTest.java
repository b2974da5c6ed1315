package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.PurgeReport;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PurgeUnderReadersTest {

    private static final int SIZE = 100_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private static MemGuard guard() {
        return MemGuard.create(MemCalls.lookup(NativeAccess.JNA), MemGuardOptions.DEFAULTS);
    }

    @Test
    void noActionEndsNormallyAfterItReadAWipedByte() throws Exception {
        for (int round = 0; round < 60; round++) {
            MemGuard guard = guard();
            LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(SIZE));
            CountDownLatch inside = new CountDownLatch(1);
            Future<?> staying = threads.submit(() -> readOnce(buffer, inside));
            Future<?> another = threads.submit(() -> readOnce(buffer, inside));
            inside.await();
            guard.purge(Duration.ZERO);
            staying.get();
            another.get();
        }
    }

    private static void readOnce(LockedBuffer buffer, CountDownLatch inside) {
        try {
            while (true) {
                boolean intact = buffer.withBytes(view -> {
                    inside.countDown();
                    return view.contentEquals(LockedBufferContract.pattern(SIZE));
                });
                assertThat(intact).as("a result that is not void").isTrue();
            }
        } catch (SecretClosedException expected) {
            inside.countDown();
        }
    }

    @Test
    void windowsOfSecretsThatAreNotPurgedKeepTheirContent() throws Exception {
        MemGuard guard = guard();
        LockedBuffer purged = guard.moveFrom(LockedBufferContract.pattern(32));
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean letGo = new AtomicBoolean();
        Future<?> reader = threads.submit(() -> {
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> purged.withBytes(view -> {
                        ByteBuffer window = view.asByteBuffer();
                        inside.countDown();
                        while (!letGo.get()) {
                            Thread.onSpinWait();
                        }
                        assertThat(window).as("the purged one's").isEqualTo(ByteBuffer.allocate(32));
                        return 1;
                    }));
        });
        inside.await();
        Future<?> purging = threads.submit(() -> guard.purge(Duration.ofMillis(200)));
        while (purged.isAlive()) {
            Thread.onSpinWait();
        }
        LockedBuffer created = guard.moveFrom(LockedBufferContract.pattern(32));
        created.withBytes(view -> {
            ByteBuffer window = view.asByteBuffer();
            while (!purging.isDone()) {
                Thread.onSpinWait();
            }
            return assertThat(window).isEqualTo(ByteBuffer.wrap(LockedBufferContract.pattern(32)));
        });
        letGo.set(true);
        reader.get();
        assertThat(created.isAlive()).isTrue();
        guard.shutDown();
    }

    @Test
    void idleSecretsAreWipedBeforeAnyReaderIsWaitedFor() throws Exception {
        int page = MemCalls.system().pageSize();
        MemGuard guard = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS.withLockLimitBytes(20L * page));
        List<LockedBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            buffers.add(guard.moveFrom(LockedBufferContract.pattern(32)));
        }
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        Future<Boolean> reader = threads.submit(() -> buffers.get(10).<Boolean, InterruptedException>withBytes(view -> {
            inside.countDown();
            letGo.await();
            return view.contentEquals(LockedBufferContract.pattern(32));
        }));
        inside.await();
        Future<PurgeReport> purging = threads.submit(() -> guard.purge(Duration.ofSeconds(60)));

        while (guard.status().liveBuffers() > 1) {
            Thread.onSpinWait();
        }
        assertThat(purging).as("waits for the reader").isNotDone();
        for (int i = 0; i < 19; i++) {
            guard.allocate(32); // What is wiped makes room at the limit, though the purge has not ended.
        }
        assertThat(guard.status().lockedBytes()).isEqualTo(20L * page);
        letGo.countDown();

        assertThat(reader.get()).as("read the whole secret").isTrue();
        assertThat(purging.get().wiped()).isEqualTo(20);
        assertThat(guard.purge().wiped()).isEqualTo(19);
        assertThat(guard.status().lockedBytes()).isZero();
        guard.shutDown();
    }

    @Test
    void aReaderOfASealedSecretKeepsNoProtectedSecretAndNoBufferAlive() throws Exception {
        try (SecureMemory session = SecureMemory.create()) {
            Secret sealed = session.secrets(Storage.SEALED).createRandom(32);
            session.secrets(Storage.PROTECTED).createRandom(32);
            session.memGuard().allocate(32);
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch letGo = new CountDownLatch(1);
            Future<Integer> reader = threads.submit(() -> sealed.<Integer, InterruptedException>withBytes(view -> {
                inside.countDown();
                letGo.await();
                return view.length();
            }));
            inside.await();
            Future<PurgeReport> purging = threads.submit(() -> session.purge(Duration.ofSeconds(60)));

            while (session.status().liveProtected() + session.status().liveBuffers() > 0) {
                Thread.onSpinWait();
            }
            assertThat(purging).as("waits for the reader").isNotDone();
            letGo.countDown();

            assertThat(reader.get()).isEqualTo(32);
            assertThat(purging.get().wiped()).isEqualTo(3);
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
                    assertThat(view.get(0)).isZero();
                }));
    }
}
