package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.DecryptionFailedException;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.memcall.MemCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is in a stream when a purge comes is gone, and none of it is left where it was being read to. */
@Timeout(60)
class EnclaveStreamPurgeTest {

    private static final int PURGES = 100;
    private static final int PART = 1 << 22;
    private static final int MOST_NANOS = 8_000_000;

    private final MemGuard guard = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS);

    @AfterEach
    void shutDown() {
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
            assertThatExceptionOfType(SecureMemoryException.class)
                    .isThrownBy(() -> stream.inputStream().read())
                    .isInstanceOfAny(SecretClosedException.class, DecryptionFailedException.class);
            assertThatExceptionOfType(SecureMemoryException.class).isThrownBy(stream::next);
            assertThatExceptionOfType(SecureMemoryException.class).isThrownBy(stream::flush);
            stream.close();
        }
        EnclaveStream next = guard.newStream(8);
        next.write(pattern(20));
        assertThat(next.inputStream().readAllBytes()).isEqualTo(pattern(20));
    }

    /** A part takes some milliseconds to open, so that most purges come while it is written to the array. */
    @Test
    void whatAPurgeInterruptsIsNotLeftInTheReadersArray() throws Exception {
        byte[] content = pattern(PART);
        byte[] target = new byte[PART];
        ExecutorService threads = Executors.newSingleThreadExecutor();
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("EnclaveStreamPurgeTest seed " + seed);
        Random random = new Random(seed);
        int interrupted = 0;
        for (int i = 0; i < PURGES; i++) {
            Arrays.fill(target, (byte) 0);
            try (EnclaveStream stream = guard.newStream(PART)) {
                stream.write(content.clone());
                CountDownLatch reading = new CountDownLatch(1);
                Future<Boolean> read = threads.submit(() -> {
                    reading.countDown();
                    return isRead(stream, target);
                });
                reading.await();
                LockSupport.parkNanos(random.nextInt(MOST_NANOS));
                guard.purge(Duration.ZERO);
                interrupted += read.get() ? 0 : 1;
                assertThat(Arrays.equals(target, read.get() ? content : new byte[PART]))
                        .isTrue();
            }
        }
        assertThat(interrupted).isPositive();
        threads.shutdown();
    }

    private static boolean isRead(EnclaveStream stream, byte[] target) {
        try {
            assertThat(stream.read(target, 0, PART)).isEqualTo(PART);
            return true;
        } catch (SecretClosedException | DecryptionFailedException e) {
            return false;
        }
    }
}
