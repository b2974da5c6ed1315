package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.SecureMemoryOptions;
import io.securememory.testing.OnEverySystem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bounds of the settings, and that what changes one setting leaves the others. */
@OnEverySystem
class OptionBoundsTest {

    private static final EnclaveOptions ENCLAVES = EnclaveOptions.DEFAULTS;

    @Test
    void theBoundsThemselvesAreAllowed() {
        for (Duration interval :
                List.of(Duration.ZERO, EnclaveOptions.MIN_REKEY_INTERVAL, EnclaveOptions.MAX_REKEY_INTERVAL)) {
            assertThat(ENCLAVES.withRekeyInterval(interval).rekeyInterval()).isEqualTo(interval);
        }
        for (int size : new int[] {1, EnclaveOptions.MAX_STREAM_CHUNK_SIZE}) {
            assertThat(ENCLAVES.withStreamChunkSize(size).streamChunkSize()).isEqualTo(size);
        }
        for (int windows : new int[] {1, EnclaveOptions.MAX_WINDOWS}) {
            assertThat(ENCLAVES.withMaxWindows(windows).maxWindows()).isEqualTo(windows);
        }
    }

    @Test
    void whatIsBeyondABoundIsRefusedWithTheBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ENCLAVES.withRekeyInterval(EnclaveOptions.MIN_REKEY_INTERVAL.minusNanos(1)))
                .withMessage("rekeyInterval is 999999 ns, expected 0 or 1 ms to 365 days");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ENCLAVES.withRekeyInterval(EnclaveOptions.MAX_REKEY_INTERVAL.plusSeconds(1)))
                .withMessage("rekeyInterval is 31536001 s, expected 0 or 1 ms to 365 days");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ENCLAVES.withStreamChunkSize(EnclaveOptions.MAX_STREAM_CHUNK_SIZE + 1))
                .withMessage("streamChunkSize is 16777217, expected 1 to 16777216 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ENCLAVES.withMaxWindows(EnclaveOptions.MAX_WINDOWS + 1))
                .withMessage("maxWindows is 4097, expected 1 to 4096");
    }

    @Test
    void oneChangedSettingLeavesTheOthers() {
        EnclaveOptions enclaves = ENCLAVES.withMaxWindows(3);

        assertThat(MemGuardOptions.DEFAULTS
                        .withLockPolicy(LockPolicy.OFF)
                        .withLockLimitBytes(1)
                        .withMappingReserve(2)
                        .withCloseTimeout(Duration.ofSeconds(3))
                        .withMaxIdle(4)
                        .withLeakDetection(LeakDetection.ALWAYS)
                        .withCanaryPolicy(CanaryPolicy.HALT)
                        .withSecretMemory(true)
                        .withEnclaves(enclaves))
                .isEqualTo(new MemGuardOptions(
                        LockPolicy.OFF,
                        1,
                        2,
                        Duration.ofSeconds(3),
                        4,
                        LeakDetection.ALWAYS,
                        CanaryPolicy.HALT,
                        true,
                        enclaves));
        assertThat(MemGuardOptions.DEFAULTS.withMaxIdle(4).withMaxIdle(MemGuardOptions.DEFAULTS.maxIdle()))
                .isEqualTo(MemGuardOptions.DEFAULTS);
    }

    @Test
    void aSessionsDefaultsAreThoseOfTheGuardButForTheCanary() {
        SecureMemoryOptions session = SecureMemoryOptions.builder().build();

        assertThat(new MemGuardOptions(
                        session.lockPolicy(),
                        session.lockLimitBytes(),
                        session.mappingReserve(),
                        session.closeTimeout(),
                        session.poolMaxIdle(),
                        session.leakDetection(),
                        session.canaryPolicy(),
                        false,
                        session.enclaves()))
                .isEqualTo(MemGuardOptions.DEFAULTS.withCanaryPolicy(CanaryPolicy.PURGE));
    }
}
