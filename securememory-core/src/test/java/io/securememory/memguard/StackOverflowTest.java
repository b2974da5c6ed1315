package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Accesses at the end of the stack leave no reader behind and no lock held. */
class StackOverflowTest {

    private static final int DESCENTS = Effort.of("overflow.descents", 20, 100);

    private final MemGuard guard = MemGuard.create(
            MemCalls.system(),
            MemGuardOptions.DEFAULTS.withCloseTimeout(Duration.ofSeconds(5)).withMaxIdle(0));

    /** A class whose initializer runs at the end of the stack would stay unusable for all tests that follow. */
    private void initializeClassesOfFailures() {
        LockedBuffer warm = guard.moveFrom(LockedBufferContract.pattern(32));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> warm.withBytes(view -> Math.addExact(view.length(), Integer.MAX_VALUE)));
        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> warm.withBytes(view -> {
                    throw new StackOverflowError();
                }));
        warm.close();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> warm.withBytes(view -> 1));
    }

    private int overflows;

    @Test
    void everyAccessThatOverflowsTheStackEndsOrNeverBegins() {
        initializeClassesOfFailures();
        LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(32));
        Thread thread = new Thread(null, () -> repeat(buffer), "deep", 512 * 1024);
        thread.setDaemon(true);
        thread.start();
        Await.end(thread);

        assertThat(overflows).isPositive();
        assertThat(buffer.contentEquals(LockedBufferContract.pattern(32))).isTrue();
        buffer.close();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    private void repeat(LockedBuffer buffer) {
        for (int i = 0; i < DESCENTS; i++) {
            descend(buffer, i);
        }
    }

    /** Reads at every depth down to the end of the stack, from a start that shifts with each round. */
    private int descend(LockedBuffer buffer, int shift) {
        try {
            return shift > 0 ? descend(buffer, shift - 1) : readAndDescend(buffer);
        } catch (StackOverflowError e) {
            overflows++;
            return 0;
        }
    }

    private int readAndDescend(LockedBuffer buffer) {
        int read = buffer.withBytes(view -> (int) view.get(0));
        return read + readAndDescend(buffer);
    }
}
