package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CloseTimeoutException;
import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConcurrentAccessTest {

    private static final byte[] BYTES = LockedBufferContract.pattern(32);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /** A reader on a thread of its own that stays inside until it is let go. */
    private final class Reader {
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);
        private final Future<byte[]> result;

        Reader(LockedBuffer buffer) throws InterruptedException {
            result = threads.submit((Callable<byte[]>) () -> buffer.withBytes(view -> {
                inside.countDown();
                letGo.await();
                byte[] copy = new byte[view.length()];
                view.copyTo(0, copy, 0, copy.length);
                return copy;
            }));
            assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
        }

        byte[] leave() throws InterruptedException, ExecutionException {
            letGo.countDown();
            return result.get();
        }
    }

    private static MemGuard guard(Duration closeTimeout) {
        return MemGuard.create(
                MemCalls.system(),
                MemGuardOptions.DEFAULTS.withCloseTimeout(closeTimeout).withMaxIdle(0));
    }

    @Test
    void readersShareAndTheLastOneClosesThePages() throws Exception {
        LockedBuffer buffer = guard(Duration.ofSeconds(10)).moveFrom(BYTES.clone());
        Reader one = new Reader(buffer);
        Reader two = new Reader(buffer);

        assertThat(one.leave()).isEqualTo(BYTES);
        assertThat(flags(buffer)).contains("rd");
        assertThat(two.leave()).isEqualTo(BYTES);
        assertThat(flags(buffer)).doesNotContain("rd");
        buffer.close();
    }

    @Test
    void closeWaitsForReadersAndAdmitsNoNewOne() throws Exception {
        LockedBuffer buffer = guard(Duration.ofSeconds(30)).moveFrom(BYTES.clone());
        Reader reader = new Reader(buffer);
        Future<?> closing = threads.submit(buffer::close);

        while (buffer.isAlive()) {
            Thread.onSpinWait();
        }
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> buffer.withBytes(view -> 1));
        assertThat(closing.isDone()).isFalse();

        assertThat(reader.leave()).isEqualTo(BYTES);
        closing.get();
    }

    @Test
    void closeEndsThoughManyGoOnTryingToRead() throws Exception {
        MemGuard guard = guard(Duration.ofSeconds(10));
        AtomicReference<LockedBuffer> current = new AtomicReference<>(guard.moveFrom(BYTES.clone()));
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> trying = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            trying.add(threads.submit(() -> {
                while (!over.get()) {
                    try {
                        assertThat(current.get().contentEquals(BYTES)).isTrue();
                    } catch (SecretClosedException expected) {
                        // Tries again: who is refused must not keep the memory from being released.
                    }
                }
            }));
        }
        for (int round = 0; round < 60; round++) {
            for (int spins = 0; spins < 200_000; spins++) {
                Thread.onSpinWait();
            }
            current.get().close();
            current.set(guard.moveFrom(BYTES.clone()));
        }
        over.set(true);
        for (Future<?> each : trying) {
            each.get();
        }
    }

    @Test
    void closeThatTimesOutIsCompletedByTheLastReader() throws Exception {
        MemGuard guard = guard(Duration.ofMillis(20));
        LockedBuffer buffer = guard.moveFrom(BYTES.clone());
        Reader reader = new Reader(buffer);

        assertThatExceptionOfType(CloseTimeoutException.class)
                .isThrownBy(buffer::close)
                .withMessageContaining("20 ms")
                .withMessageContaining("1 readers");
        assertThat(guard.status().liveBuffers()).isEqualTo(1);

        assertThat(reader.leave()).as("state intact").isEqualTo(BYTES);
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @Test
    void purgeWipesUnderAReaderWhoseResultIsVoid() throws Exception {
        MemGuard guard = guard(Duration.ofSeconds(10));
        LockedBuffer read = guard.moveFrom(BYTES.clone());
        LockedBuffer idle = guard.moveFrom(BYTES.clone());
        Reader reader = new Reader(read);

        PurgeReport report = guard.purge(Duration.ofMillis(20));

        assertThat(report.wiped()).isEqualTo(1);
        assertThat(report.deferred()).isEqualTo(1);
        assertThat(report.failed()).isZero();
        assertThat(report.bytes()).isEqualTo(64);
        assertThat(idle.isAlive()).isFalse();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(reader::leave)
                .withCauseInstanceOf(SecretClosedException.class)
                .withMessageContaining("purged");
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @Test
    void purgeInsideAnAccessWipesAtOnceAndDoesNotWaitForItself() {
        MemGuard guard = guard(Duration.ofSeconds(60));
        LockedBuffer buffer = guard.moveFrom(BYTES.clone());

        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> buffer.withBytes(view -> {
                    assertThat(guard.purge().deferred()).isEqualTo(1);
                    assertThat(view.contentEquals(new byte[32])).isTrue();
                    return "void";
                }));
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @Test
    void writerWaitsForReadersAndFreezeForTheWriter() throws Exception {
        LockedBuffer buffer = guard(Duration.ofSeconds(10)).allocate(32);
        Reader reader = new Reader(buffer);
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        Future<?> writer = threads.submit((Callable<Void>) () -> {
            buffer.mutate(view -> {
                writing.countDown();
                letGo.await();
                view.copyFrom(0, BYTES, 0, 32);
            });
            return null;
        });

        assertThat(reader.leave()).isEqualTo(new byte[32]);
        assertThat(writing.await(30, TimeUnit.SECONDS)).isTrue();
        Future<?> freezing = threads.submit(buffer::freeze);
        assertThat(freezing.isDone()).isFalse();
        letGo.countDown();
        freezing.get();
        writer.get();
        assertThat(buffer.contentEquals(BYTES)).isTrue();
        buffer.close();
    }

    @Test
    void racingReadersClosersAndPurgesSeeCorrectBytesOrTheTypedException() throws Exception {
        long seed = new Random().nextLong();
        MemGuard guard = guard(Duration.ofSeconds(10));
        for (int round = 0; round < 300; round++) {
            LockedBuffer buffer = guard.moveFrom(BYTES.clone());
            Random random = new Random(seed + round);
            List<Future<?>> racing = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                racing.add(threads.submit(() -> readUntilClosed(buffer)));
            }
            for (int spins = random.nextInt(20_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            Runnable end = random.nextBoolean() ? buffer::close : guard::purge;
            racing.add(threads.submit(end));
            racing.add(threads.submit(buffer::close));
            for (Future<?> each : racing) {
                each.get();
            }
            assertThat(guard.status().liveBuffers())
                    .as("seed %d, round %d", seed, round)
                    .isZero();
        }
        assertThat(guard.status().lockedBytes()).isZero();
    }

    private static void readUntilClosed(LockedBuffer buffer) {
        try {
            while (true) {
                assertThat(buffer.contentEquals(BYTES)).isTrue();
            }
        } catch (SecretClosedException expected) {
            assertThat(buffer.isAlive()).isFalse();
        }
    }

    private static java.util.Set<String> flags(LockedBuffer buffer) {
        return MemCalls.kernelFlags(buffer.memory().pages().inner()).orElseThrow();
    }
}
