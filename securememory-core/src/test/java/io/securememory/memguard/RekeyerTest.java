package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RekeyerTest {

    private static final byte[] BYTES = LockedBufferContract.pattern(100);

    private static MemGuard guard(Duration interval) {
        return MemGuard.create(
                MemCalls.system(),
                MemGuardOptions.DEFAULTS.withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(interval)));
    }

    @Test
    void enclaveOpensWhileTheKeyIsSplitAnew() {
        MemGuard guard = guard(Duration.ofMillis(1));
        Enclave enclave = guard.seal(BYTES.clone());
        Await.until("100 rekeys", () -> {
            for (int i = 0; i < 20; i++) {
                boolean same = enclave.withBytes(view -> view.contentEquals(BYTES));
                assertThat(same).isTrue();
            }
            return guard.status().enclaves().rekeysTotal() >= 100;
        });

        EnclaveStatus status = guard.status().enclaves();
        assertThat(status.rekeyNanosTotal()).isPositive();
        assertThat(status.rekeyAgeMillis()).isNotNegative();
        guard.shutDown();
    }

    @Test
    void daemonThreadStartsWithTheFirstUseAndHasEndedAfterTheShutDown() {
        MemGuard guard = guard(Duration.ofHours(1));
        assertThat(SealingProbe.rekeying(guard)).isEmpty();
        guard.seal(BYTES.clone());
        Thread thread = SealingProbe.rekeying(guard).orElseThrow();

        assertThat(thread.isAlive()).isTrue();
        assertThat(thread.getName()).isEqualTo("securememory-rekey");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getContextClassLoader()).isNull();
        guard.shutDown();

        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void interruptedShutDownEndsTheThreadAndStaysInterrupted() {
        MemGuard guard = guard(Duration.ofHours(1));
        guard.seal(BYTES.clone());
        Thread thread = SealingProbe.rekeying(guard).orElseThrow();

        boolean interrupted;
        Thread.currentThread().interrupt();
        try {
            guard.shutDown();
        } finally {
            interrupted = Thread.interrupted();
        }

        assertThat(interrupted).isTrue();
        Await.end(thread);
    }

    @Test
    void guardsThatShareALimitShareTheThreadUpToTheLastOne() {
        MemGuard first = guard(Duration.ofHours(1));
        MemGuard second = first.sharingLimit();
        first.prepareSealing();
        second.prepareSealing();
        Optional<Thread> started = SealingProbe.rekeying(first);
        assertThat(started).isPresent().isEqualTo(SealingProbe.rekeying(second));

        first.shutDown();
        assertThat(started).get().matches(Thread::isAlive);
        second.shutDown();

        assertThat(started).get().matches(thread -> !thread.isAlive());
    }

    @Test
    void noThreadRunsAtAnIntervalOfZero() {
        MemGuard guard = guard(Duration.ZERO);
        Enclave enclave = guard.seal(BYTES.clone());

        assertThat(SealingProbe.rekeying(guard)).isEmpty();
        assertThat(guard.status().enclaves().rekeyAgeMillis()).isEqualTo(-1);
        boolean same = enclave.withBytes(view -> view.contentEquals(BYTES));
        assertThat(same).isTrue();
        guard.shutDown();
    }
}
