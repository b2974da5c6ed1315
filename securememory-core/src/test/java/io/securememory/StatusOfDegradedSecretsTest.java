package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.LockedBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is less protected than it was asked for, and for how long. */
class StatusOfDegradedSecretsTest {

    private final FaultyMemCall system = new FaultyMemCall(MemCalls.system());

    private static SecureMemoryOptions.Builder options(LockPolicy policy) {
        return SecureMemoryOptions.builder()
                .lockPolicy(policy)
                .leakDetection(LeakDetection.OFF)
                .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO));
    }

    @Test
    void unlockedMemoryCountsForAsLongAsItIsInUse() {
        system.failEvery("lock");
        SecureMemoryOptions options = options(LockPolicy.BEST_EFFORT)
                .whenLimitReached(WhenLimitReached.FAIL)
                .build();
        try (SecureMemory session = SecureMemory.create(options, system)) {
            Secret closed = session.secrets().createRandom(1);
            session.secrets().createRandom(1);
            LockedBuffer buffer = session.memGuard().random(1);
            assertThat(session.status().liveUnlocked()).isEqualTo(3);
            closed.close();
            buffer.close();
            assertThat(session.status().liveUnlocked()).isEqualTo(1);
            session.purge();
            assertThat(session.status().liveUnlocked()).isZero();
            assertThat(session.status().degradedTotal()).isEqualTo(3);
        }
    }

    @Test
    void memoryThatNobodyWantedToLockIsNotDegraded() {
        try (SecureMemory session = SecureMemory.create(options(LockPolicy.OFF).build(), system)) {
            session.secrets().createRandom(1);
            assertThat(session.status().liveUnlocked()).isZero();
        }
    }

    @Test
    void theLastSecretThatWasSealedInsteadHasAnAge() {
        long page = MemCalls.system().pageSize();
        try (SecureMemory session = SecureMemory.create(
                options(LockPolicy.REQUIRE).lockLimitBytes(8 * page).build())) {
            assertThat(session.status().sealedInsteadAgeMillis()).isEqualTo(-1);
            for (int i = 0; i < 8; i++) {
                session.secrets().createRandom(1);
            }
            assertThat(session.status().degradedTotal()).isPositive();
            assertThat(session.status().sealedInsteadAgeMillis()).isBetween(0L, 600_000L);
            assertThat(session.status().liveUnlocked()).isZero();
        }
    }

    @Test
    void sealingIsCheckedWithoutBeingCounted() {
        try (SecureMemory session = SecureMemory.create()) {
            SecureMemoryStatus before = session.status();
            for (int i = 0; i < 100; i++) {
                assertThat(session.memGuard().sessionMemory().checkSealing()).isTrue();
            }
            SecureMemoryStatus after = session.status();
            assertThat(after.createdTotal()).isEqualTo(before.createdTotal());
            assertThat(after.closedTotal()).isEqualTo(before.closedTotal());
            assertThat(after.liveSealed()).isZero();
            assertThat(after.sealingWindows()).isEqualTo(1);
        }
    }
}
