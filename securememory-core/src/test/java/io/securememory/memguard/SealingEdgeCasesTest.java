package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CanaryViolationException;
import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.Pages;
import io.securememory.testing.Occupant;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sealing at its ends: no random bytes, no time, no session, an overwritten canary, several readers. */
class SealingEdgeCasesTest {

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final int ATTEMPTS = 5;
    private static final byte[] BYTES = LockedBufferContract.pattern(100);

    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
    private final MemGuard guard = MemGuard.create(
            memCall,
            MemGuardOptions.DEFAULTS
                    .withMaxIdle(0)
                    .withLeakDetection(LeakDetection.OFF)
                    .withCanaryPolicy(CanaryPolicy.PURGE)
                    .withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO)));
    private final Workers threads = new Workers();

    @AfterEach
    void nothingStaysBehind() {
        threads.close();
        memCall.failWhere(call -> false);
        guard.shutDown();
        assertThat(memCall.mapped()).isZero();
    }

    @Test
    void firstSealAfterAKeyThatCouldNotBeMadeSucceeds() {
        guard.seal(BYTES.clone());
        memCall.failEvery("fillRandom");
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

    private Occupant<Integer> inside(Enclave enclave) throws ExecutionException {
        return Occupant.enter(
                threads,
                place -> enclave.withBytes(view -> {
                    place.stay();
                    return view.length();
                }));
    }

    private Occupant<Integer> inside(LockedBuffer buffer) throws ExecutionException {
        return Occupant.enter(
                threads,
                place -> buffer.withBytes(view -> {
                    place.stay();
                    return view.length();
                }));
    }

    /** A purge that waited for both, one after the other, would never be as fast; one that does not may be late. */
    @Test
    void purgeWaitsForReadersOfBothKindsTogetherNoLongerThanItsTimeout() throws Exception {
        Duration fastest = Duration.ofDays(1);
        for (int i = 0; i < ATTEMPTS && fastest.compareTo(TIMEOUT.multipliedBy(2)) >= 0; i++) {
            Occupant<Integer> one = inside(guard.seal(BYTES.clone()));
            Occupant<Integer> two = inside(guard.allocate(10));

            PurgeReport report = guard.purge(TIMEOUT);

            assertThat(report.deferred()).isEqualTo(2);
            assertThat(one.result().isDone() || two.result().isDone()).isFalse();
            Duration duration = Duration.ofNanos(report.nanoseconds());
            fastest = duration.compareTo(fastest) < 0 ? duration : fastest;
            endsByThePurge(one);
            endsByThePurge(two);
        }

        assertThat(fastest).isLessThan(TIMEOUT.multipliedBy(2));
    }

    private static void endsByThePurge(Occupant<?> occupant) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(occupant::leave)
                .withCauseInstanceOf(SecretClosedException.class);
    }

    @Test
    void purgeCountsAnEnclaveWithTwoReadersOnce() throws Exception {
        Enclave enclave = guard.seal(BYTES.clone());
        Occupant<Integer> one = inside(enclave);
        Occupant<Integer> two = inside(enclave);

        PurgeReport report = guard.purge(Duration.ZERO);

        assertThat(report.wiped() + report.deferred() + report.failed()).isEqualTo(1);
        endsByThePurge(one);
        endsByThePurge(two);
    }

    @Test
    void overwrittenCanaryOfAWindowIsCountedAndRaisesTheAlarm() {
        // Too long for a window that is kept, so that its canary is checked after the access.
        Enclave enclave = guard.seal(LockedBufferContract.pattern(50 * Pages.SIZE));
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
