package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Accesses to what is sealed at the end of the stack leave no reader, no window in use and no byte behind. */
class SealedStackOverflowTest {

    private static final int SIZE = 100;
    private static final int DESCENTS = Effort.of("overflow.sealed-descents", 2, 4);

    private final MemGuard guard =
            MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS.withCloseTimeout(Duration.ofSeconds(1)));

    /** A class whose initializer runs at the end of the stack would stay unusable for all tests that follow. */
    private void initializeClassesOfFailures() {
        Enclave warm = guard.seal(LockedBufferContract.pattern(SIZE));
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
        Enclave enclave = guard.seal(LockedBufferContract.pattern(SIZE));
        Thread thread = new Thread(null, () -> repeat(enclave), "deep", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
        Await.end(thread);

        assertThat(overflows).isPositive();
        boolean same = enclave.withBytes(view -> view.contentEquals(LockedBufferContract.pattern(SIZE)));
        assertThat(same).isTrue();
        SealingProbe.assertWindowsAreIdleAndHoldZeros(guard);
        enclave.close();
        guard.shutDown();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    private void repeat(Enclave enclave) {
        for (int i = 0; i < DESCENTS; i++) {
            descend(enclave, i);
        }
    }

    /** Reads at every depth down to the end of the stack, from a start that shifts with each round. */
    private int descend(Enclave enclave, int shift) {
        try {
            return shift > 0 ? descend(enclave, shift - 1) : readAndDescend(enclave);
        } catch (StackOverflowError e) {
            overflows++;
            return 0;
        }
    }

    private int readAndDescend(Enclave enclave) {
        int read = enclave.withBytes(view -> (int) view.get(0));
        return read + readAndDescend(enclave);
    }
}
