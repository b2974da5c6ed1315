package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CloseTimeoutException;
import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Occupant;
import io.securememory.testing.Seed;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConcurrentAccessTest {

    private static final int REPLACEMENTS = Effort.of("concurrent.replacements", 10, 60);
    private static final int RACES = Effort.of("concurrent.races", 50, 300);

    private static final byte[] BYTES = LockedBufferContract.pattern(32);

    private final Workers threads = new Workers();

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    /** A reader that copies what it sees when it is let go. */
    private Occupant<byte[]> reader(LockedBuffer buffer) throws ExecutionException {
        return Occupant.enter(
                threads,
                place -> buffer.withBytes(view -> {
                    place.stay();
                    byte[] copy = new byte[view.length()];
                    view.copyTo(0, copy, 0, copy.length);
                    return copy;
                }));
    }

    private static MemGuard guard(Duration closeTimeout) {
        return MemGuard.create(
                MemCalls.system(),
                MemGuardOptions.DEFAULTS.withCloseTimeout(closeTimeout).withMaxIdle(0));
    }

    @Test
    void readersShareAndTheLastOneClosesThePages() throws Exception {
        LockedBuffer buffer = guard(Duration.ofSeconds(30)).moveFrom(BYTES.clone());
        Occupant<byte[]> one = reader(buffer);
        Occupant<byte[]> two = reader(buffer);

        assertThat(one.leave()).isEqualTo(BYTES);
        assertThat(flags(buffer)).contains("rd");
        assertThat(two.leave()).isEqualTo(BYTES);
        assertThat(flags(buffer)).doesNotContain("rd");
        buffer.close();
    }

    @Test
    void closeWaitsForReadersAndAdmitsNoNewOne() throws Exception {
        LockedBuffer buffer = guard(Duration.ofSeconds(30)).moveFrom(BYTES.clone());
        Occupant<byte[]> reader = reader(buffer);
        Future<?> closing = threads.run(buffer::close);

        Await.until("the close", () -> !buffer.isAlive());
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> buffer.withBytes(view -> 1));
        assertThat(closing.isDone()).isFalse();

        assertThat(reader.leave()).isEqualTo(BYTES);
        Await.result(closing);
    }

    @Test
    void closeEndsThoughManyGoOnTryingToRead() throws Exception {
        MemGuard guard = guard(Duration.ofSeconds(40));
        AtomicReference<LockedBuffer> current = new AtomicReference<>(guard.moveFrom(BYTES.clone()));
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> trying = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                trying.add(threads.run(() -> readUntil(over, current)));
            }
            for (int round = 0; round < REPLACEMENTS; round++) {
                spin(200_000);
                current.get().close();
                current.set(guard.moveFrom(BYTES.clone()));
            }
        } finally {
            over.set(true);
        }
        for (Future<?> each : trying) {
            Await.result(each);
        }
        current.get().close();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    private static void readUntil(AtomicBoolean over, AtomicReference<LockedBuffer> current) {
        while (!over.get() && !Thread.currentThread().isInterrupted()) {
            try {
                assertThat(current.get().contentEquals(BYTES)).isTrue();
            } catch (SecretClosedException expected) {
                // Tries again: who is refused must not keep the memory from being released.
            }
        }
    }

    private static void spin(int times) {
        for (int spins = 0; spins < times; spins++) {
            Thread.onSpinWait();
        }
    }

    @Test
    void closeThatTimesOutIsCompletedByTheLastReader() throws Exception {
        MemGuard guard = guard(Duration.ofMillis(20));
        LockedBuffer buffer = guard.moveFrom(BYTES.clone());
        Occupant<byte[]> reader = reader(buffer);

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
        MemGuard guard = guard(Duration.ofSeconds(30));
        LockedBuffer read = guard.moveFrom(BYTES.clone());
        LockedBuffer idle = guard.moveFrom(BYTES.clone());
        Occupant<byte[]> reader = reader(read);

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
                    assertThatExceptionOfType(SecretClosedException.class)
                            .isThrownBy(() -> view.contentEquals(new byte[32]));
                    return "void";
                }));
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @Test
    void writerWaitsForReadersAndFreezeForTheWriter() throws Exception {
        LockedBuffer buffer = guard(Duration.ofSeconds(30)).allocate(32);
        Occupant<byte[]> reader = reader(buffer);
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        Future<?> writer = threads.run(() -> buffer.mutate(view -> {
            writing.countDown();
            Await.open("the end of the writing", letGo);
            view.copyFrom(0, BYTES, 0, 32);
        }));

        assertThat(reader.leave()).isEqualTo(new byte[32]);
        Await.open("the writer", writing);
        Future<?> freezing = threads.run(buffer::freeze);
        Await.until("the freeze to wait", () -> freezing.isDone() || SealingProbe.hasWaiters(buffer));
        assertThat(freezing).isNotDone();
        letGo.countDown();
        Await.result(freezing);
        Await.result(writer);
        assertThat(buffer.contentEquals(BYTES)).isTrue();
        buffer.close();
    }

    @Test
    void racingReadersClosersAndPurgesSeeCorrectBytesOrTheTypedException() throws Exception {
        long seed = Seed.of("racing readers, closers and purges");
        MemGuard guard = guard(Duration.ofSeconds(40));
        for (int round = 0; round < RACES; round++) {
            LockedBuffer buffer = guard.moveFrom(BYTES.clone());
            Random random = new Random(seed + round);
            List<Future<?>> racing = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                racing.add(threads.run(() -> readUntilClosed(buffer)));
            }
            spin(random.nextInt(20_000));
            Runnable end = random.nextBoolean() ? buffer::close : guard::purge;
            racing.add(threads.run(end));
            racing.add(threads.run(buffer::close));
            for (Future<?> each : racing) {
                Await.result(each);
            }
            assertThat(guard.status().liveBuffers())
                    .as("seed %d, round %d", seed, round)
                    .isZero();
        }
        assertThat(guard.status().lockedBytes()).isZero();
    }

    private static void readUntilClosed(LockedBuffer buffer) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                assertThat(buffer.contentEquals(BYTES)).isTrue();
            }
        } catch (SecretClosedException expected) {
            assertThat(buffer.isAlive()).isFalse();
        }
    }

    private static Set<String> flags(LockedBuffer buffer) {
        return MemCalls.kernelFlags(buffer.memory().pages().inner()).orElseThrow();
    }
}
