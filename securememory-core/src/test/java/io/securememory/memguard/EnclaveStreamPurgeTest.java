package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Seed;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is in a stream when a purge comes is gone, and none of it is left where it was being read to. */
class EnclaveStreamPurgeTest {

    private static final int INTERRUPTED = Effort.of("stream.interrupted", 10, 50);
    private static final int MOST_PURGES = 500;
    private static final int PART = 1 << Effort.of("stream.part-bits", 20, 22);
    private static final byte[] CONTENT = pattern(PART);

    private final MemGuard guard = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS);

    private final Workers threads = new Workers();

    @AfterEach
    void shutDown() {
        threads.close();
        guard.shutDown();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    private static byte[] pattern(int size) {
        return LockedBufferContract.pattern(size);
    }

    @Test
    void readingAfterAPurgeEndsWithATypedException() throws IOException {
        EnclaveStream sealed = guard.newStream(8);
        sealed.write(pattern(24));
        EnclaveStream open = guard.newStream(8);
        open.write(pattern(24));
        assertThat(open.inputStream().read()).isEqualTo(pattern(1)[0]);
        EnclaveStream pending = guard.newStream(8);
        pending.write(pattern(3));

        guard.purge();

        for (EnclaveStream stream : List.of(sealed, open, pending)) {
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> stream.inputStream().read());
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(stream::next);
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(stream::flush);
            stream.close();
        }
        EnclaveStream next = guard.newStream(8);
        next.write(pattern(20));
        assertThat(next.inputStream().readAllBytes()).isEqualTo(pattern(20));
    }

    /** Most purges come while a part is written to the array, which takes about as long as it took the last time. */
    @Test
    void whatAPurgeInterruptsIsNotLeftInTheReadersArray() throws Exception {
        byte[] target = new byte[PART];
        Random random = Seed.random("purges of a stream that is read");
        long nanos = TimeUnit.MILLISECONDS.toNanos(5);
        int interrupted = 0;
        for (int i = 0; i < MOST_PURGES && interrupted < INTERRUPTED; i++) {
            Arrays.fill(target, (byte) 0);
            long whole = nanosOfReading(target, random.nextLong(nanos));
            interrupted += whole == 0 ? 1 : 0;
            nanos = whole == 0 ? nanos : whole;
        }
        assertThat(interrupted).isPositive();
    }

    /** Reads while a purge comes after a while; returns how long that took, or 0 if the purge interrupted it. */
    private long nanosOfReading(byte[] target, long purgedAfter) throws ExecutionException {
        try (EnclaveStream stream = guard.newStream(PART)) {
            stream.write(CONTENT.clone());
            CountDownLatch reading = new CountDownLatch(1);
            Future<Long> read = threads.submit(() -> {
                reading.countDown();
                long start = System.nanoTime();
                return isRead(stream, target) ? System.nanoTime() - start : 0;
            });
            Await.open("the reader", reading);
            LockSupport.parkNanos(purgedAfter);
            guard.purge(Duration.ZERO);
            long nanos = Await.result(read);
            assertThat(Arrays.equals(target, nanos > 0 ? CONTENT : new byte[PART]))
                    .isTrue();
            return nanos;
        }
    }

    private static boolean isRead(EnclaveStream stream, byte[] target) {
        try {
            assertThat(stream.read(target, 0, PART)).isEqualTo(PART);
            return true;
        } catch (SecretClosedException e) {
            return false;
        }
    }
}
