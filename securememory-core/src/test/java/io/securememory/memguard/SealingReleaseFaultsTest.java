package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import io.securememory.SecureMemoryException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Memory of the key and of windows that could not be given back at once. */
class SealingReleaseFaultsTest {

    /** Longer than any window that is kept. */
    private static final int VERY_LONG = 200_000;

    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
    private final MemGuard guard = MemGuard.create(
            memCall,
            MemGuardOptions.DEFAULTS
                    .withMaxIdle(0)
                    .withLeakDetection(LeakDetection.OFF)
                    .withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO)));

    private void shutsDownWithoutRemains() {
        memCall.failWhere(call -> false);
        guard.shutDown();
        assertThat(memCall.mapped()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @Test
    void shutDownWipesBuffersAlsoIfAWindowCannotBeGivenBack() {
        guard.prepareSealing();
        LockedBuffer buffer = guard.allocate(10);
        memCall.failEvery("free");
        try {
            guard.shutDown();
        } catch (SecureMemoryException e) {
            assertThat(e).hasMessageContaining("Injected");
        }

        assertThat(buffer.isAlive()).isFalse();
        shutsDownWithoutRemains();
    }

    @Test
    void shutDownTriesAgainToGiveBackTheKeysPages() {
        guard.prepareSealing();
        memCall.failWhere(call -> call == 0);
        guard.shutDown();

        shutsDownWithoutRemains();
    }

    @Test
    void windowOfOneAccessThatCouldNotBeGivenBackIsReleasedByTheShutDown() {
        Enclave enclave = guard.seal(LockedBufferContract.pattern(VERY_LONG));
        memCall.failEvery("free");
        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> enclave.withBytes(view -> view.get(0)))
                .withMessageContaining("Injected");

        shutsDownWithoutRemains();
    }

    @Test
    void firstUseThatFailsLeavesNothingBehind() {
        guard.prepareSealing();
        int calls = callsOfTheFirstUse();
        for (int i = 0; i < calls; i++) {
            int number = i;
            MemGuard other = guard.sharingLimit();
            memCall.failWhere(call -> call >= number);
            assertThatExceptionOfType(MemoryCallException.class).isThrownBy(other::prepareSealing);
            memCall.failWhere(call -> false);
            other.shutDown();
            other.purge();
            assertThat(memCall.mapped())
                    .as("after all calls from %d on failed", i)
                    .isEqualTo(3);
        }
        shutsDownWithoutRemains();
    }

    private int callsOfTheFirstUse() {
        MemGuard other = guard.sharingLimit();
        memCall.failWhere(call -> false);
        other.prepareSealing();
        int calls = memCall.calls().size();
        other.shutDown();
        return calls;
    }
}
