package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CanaryViolationException;
import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.SecretView;
import io.securememory.SecureMemoryException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sealing at its ends: no random bytes, no time, no session, an overwritten canary, several readers. */
@Timeout(60)
class SealingEdgeCasesTest {

    private static final byte[] BYTES = LockedBufferContract.pattern(100);

    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
    private final MemGuard guard = MemGuard.create(
            memCall,
            MemGuardOptions.DEFAULTS
                    .withMaxIdle(0)
                    .withCanaryPolicy(CanaryPolicy.PURGE)
                    .withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO)));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch letGo = new CountDownLatch(1);

    @AfterEach
    void nothingStaysBehind() {
        letGo.countDown();
        threads.shutdown();
        memCall.failWhere(call -> false);
        guard.shutDown();
    }

    @Test
    void firstSealAfterAKeyThatCouldNotBeMadeSucceeds() {
        guard.seal(BYTES.clone());
        memCall.failWhere(call -> memCall.calls().get(call).equals("fillRandom"));
        guard.purge();
        memCall.failWhere(call -> false);

        try (Enclave enclave = guard.seal(BYTES.clone())) {
            boolean same = enclave.withBytes(view -> view.contentEquals(BYTES));
            assertThat(same).isTrue();
            assertThat(guard.status().enclaves().live()).isEqualTo(1);
        }
        assertThat(guard.status().enclaves().live()).isZero();
    }

    @Test
    void useAfterTheShutDownEndsWithATypedException() {
        Enclave enclave = guard.seal(BYTES.clone());
        guard.shutDown();

        assertThat(enclave.isAlive()).isFalse();
        assertThatExceptionOfType(SecureMemoryException.class).isThrownBy(() -> enclave.withBytes(view -> 1));
        assertThatExceptionOfType(SecureMemoryException.class).isThrownBy(enclave::open);
    }

    private SecretFunction<Integer, InterruptedException> staying(CountDownLatch inside) {
        return (SecretView view) -> {
            inside.countDown();
            letGo.await();
            return view.length();
        };
    }

    @Test
    void purgeWaitsForReadersOfBothKindsTogetherNoLongerThanItsTimeout() throws Exception {
        Enclave enclave = guard.seal(BYTES.clone());
        LockedBuffer buffer = guard.allocate(10);
        CountDownLatch inside = new CountDownLatch(2);
        Future<Integer> one = threads.submit(() -> enclave.<Integer, InterruptedException>withBytes(staying(inside)));
        Future<Integer> two = threads.submit(() -> buffer.<Integer, InterruptedException>withBytes(staying(inside)));
        inside.await();

        PurgeReport report = guard.purge(Duration.ofSeconds(4));

        assertThat(report.deferred()).isEqualTo(2);
        assertThat(one.isDone() || two.isDone()).isFalse();
        assertThat(Duration.ofNanos(report.nanoseconds())).isLessThan(Duration.ofMillis(7_600));
    }

    @Test
    void purgeCountsAnEnclaveWithTwoReadersOnce() throws Exception {
        Enclave enclave = guard.seal(BYTES.clone());
        CountDownLatch inside = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            threads.submit(() -> enclave.<Integer, InterruptedException>withBytes(staying(inside)));
        }
        inside.await();

        PurgeReport report = guard.purge(Duration.ZERO);

        assertThat(report.wiped() + report.deferred() + report.failed()).isEqualTo(1);
    }

    @Test
    void overwrittenCanaryOfAWindowIsCountedAndRaisesTheAlarm() {
        Enclave enclave = guard.seal(LockedBufferContract.pattern(200_000));
        LockedBuffer buffer = guard.allocate(10);

        assertThatExceptionOfType(CanaryViolationException.class)
                .isThrownBy(() -> enclave.withBytes(view -> {
                    SealingProbe.all(guard).stream()
                            .filter(SealingWindow::isBusy)
                            .map(window -> window.region().memory())
                            .forEach(memory -> memory.put(-1, (byte) ~memory.get(-1)));
                    return null;
                }));

        assertThat(guard.status().canaryViolationsTotal()).isEqualTo(1);
        assertThat(buffer.isAlive()).as("policy purge").isFalse();
    }

    @Test
    void longestRekeyIntervalIsAcceptedOrRefusedByName() {
        try {
            EnclaveOptions options = EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ofSeconds(Long.MAX_VALUE));
            assertThat(options.rekeyInterval()).isPositive();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("rekeyInterval");
        }
    }

    @Test
    void closeReturnsAtOnceForAnEnclaveThatAPurgeMetInAReader() throws Exception {
        Enclave enclave = guard.seal(BYTES.clone());
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> enclave.withBytes(view -> guard.purge(Duration.ZERO)));
        enclave.close();
        assertThat(SealingProbe.sealed(enclave)).containsOnly(0);
        assertThat(guard.status().enclaves().live()).isZero();
    }
}
