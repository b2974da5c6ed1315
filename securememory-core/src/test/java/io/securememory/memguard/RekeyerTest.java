package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.MemCalls;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RekeyerTest {

    private static final byte[] BYTES = LockedBufferContract.pattern(100);

    private final Set<Thread> before = rekeying();

    private static MemGuard guard(Duration interval) {
        return MemGuard.create(
                MemCalls.system(),
                MemGuardOptions.DEFAULTS.withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(interval)));
    }

    private static Set<Thread> rekeying() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("securememory-rekey"))
                .collect(Collectors.toSet());
    }

    private Set<Thread> started() {
        Set<Thread> started = rekeying();
        started.removeAll(before);
        return started;
    }

    @Test
    void enclaveOpensWhileTheKeyIsSplitAnew() {
        MemGuard guard = guard(Duration.ofMillis(1));
        Enclave enclave = guard.seal(BYTES.clone());
        int reads = 0;
        while (guard.status().enclaves().rekeysTotal() < 100) {
            boolean same = enclave.withBytes(view -> view.contentEquals(BYTES));
            assertThat(same).isTrue();
            reads++;
        }

        EnclaveStatus status = guard.status().enclaves();
        assertThat(reads).isPositive();
        assertThat(status.rekeyNanosTotal()).isPositive();
        assertThat(status.rekeyAgeMillis()).isNotNegative();
        guard.shutDown();
    }

    @Test
    void daemonThreadStartsWithTheFirstUseAndHasEndedAfterTheShutDown() {
        MemGuard guard = guard(Duration.ofHours(1));
        assertThat(started()).isEmpty();
        guard.seal(BYTES.clone());
        Set<Thread> started = started();

        assertThat(started).singleElement().satisfies(thread -> {
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getContextClassLoader()).isNull();
        });
        guard.shutDown();

        assertThat(started).noneMatch(Thread::isAlive);
    }

    @Test
    void interruptedShutDownEndsTheThreadAndStaysInterrupted() throws Exception {
        MemGuard guard = guard(Duration.ofHours(1));
        guard.seal(BYTES.clone());
        Set<Thread> started = started();

        Thread.currentThread().interrupt();
        guard.shutDown();

        assertThat(Thread.interrupted()).isTrue();
        for (Thread thread : started) {
            thread.join();
        }
    }

    @Test
    void guardsThatShareALimitShareTheThreadUpToTheLastOne() {
        MemGuard first = guard(Duration.ofHours(1));
        MemGuard second = first.sharingLimit();
        first.prepareSealing();
        second.prepareSealing();
        Set<Thread> started = started();
        assertThat(started).hasSize(1);

        first.shutDown();
        assertThat(started()).isEqualTo(started);
        second.shutDown();

        assertThat(started).noneMatch(Thread::isAlive);
    }

    @Test
    void noThreadRunsAtAnIntervalOfZero() {
        MemGuard guard = guard(Duration.ZERO);
        Enclave enclave = guard.seal(BYTES.clone());

        assertThat(started()).isEmpty();
        assertThat(guard.status().enclaves().rekeyAgeMillis()).isEqualTo(-1);
        boolean same = enclave.withBytes(view -> view.contentEquals(BYTES));
        assertThat(same).isTrue();
        guard.shutDown();
    }
}
