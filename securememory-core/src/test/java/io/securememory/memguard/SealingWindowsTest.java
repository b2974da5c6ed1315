package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryLimitException;
import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.Pages;
import io.securememory.testing.Await;
import io.securememory.testing.Occupant;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SealingWindowsTest {

    private static final int PAGE = Pages.SIZE;
    private static final byte[] BYTES = LockedBufferContract.pattern(100);

    private final Workers threads = new Workers();
    private final List<MemGuard> guards = new ArrayList<>();

    private MemGuard guard(MemGuardOptions options) {
        MemGuard guard = MemGuard.create(MemCalls.system(), options.withMaxIdle(0));
        guards.add(guard);
        return guard;
    }

    private MemGuard waiting(int maxWindows) {
        return guard(MemGuardOptions.DEFAULTS
                .withCloseTimeout(Duration.ofSeconds(40))
                .withEnclaves(
                        EnclaveOptions.DEFAULTS.withMaxWindows(maxWindows).withWhenExhausted(WindowExhaustion.WAIT)));
    }

    @AfterEach
    void nothingStaysBehind() {
        threads.close();
        for (MemGuard guard : guards) {
            SealingProbe.assertWindowsAreIdleAndHoldZeros(guard);
            guard.shutDown();
            assertThat(guard.status().enclaves().windows()).isZero();
            assertThat(guard.status().lockedBytes()).isZero();
        }
    }

    /** A thread that is inside an access until it is let go. */
    private Occupant<Boolean> stay(Enclave enclave) throws ExecutionException {
        return Occupant.enter(
                threads,
                place -> enclave.withBytes(view -> {
                    place.stay();
                    return view.contentEquals(BYTES);
                }));
    }

    private static boolean reads(Enclave enclave) {
        return enclave.withBytes(view -> view.contentEquals(BYTES));
    }

    @Test
    void noMoreWindowsThanAllowedAreUsedAtOnce() throws Exception {
        MemGuard guard = waiting(2);
        Enclave enclave = guard.seal(BYTES.clone());
        Occupant<Boolean> first = stay(enclave);
        Occupant<Boolean> second = stay(enclave);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> readers = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            readers.add(threads.run(() -> {
                for (int i = 0; i < 300; i++) {
                    boolean same = enclave.withBytes(view -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        boolean equal = view.contentEquals(BYTES);
                        inside.decrementAndGet();
                        return equal;
                    });
                    assertThat(same).isTrue();
                }
            }));
        }
        SealingProbe.awaitWaiting(guard, 6, readers);
        assertThat(most.get()).isZero();
        assertThat(first.leave()).isTrue();
        assertThat(second.leave()).isTrue();
        for (Future<?> reader : readers) {
            Await.result(reader);
        }

        assertThat(most.get()).isBetween(1, 2);
        assertThat(guard.status().enclaves().windows()).isEqualTo(2);
    }

    @Test
    void waitingThreadGetsTheWindowThatComesBack() throws Exception {
        MemGuard guard = waiting(1);
        Enclave enclave = guard.seal(BYTES.clone());
        SealingWindow only = SealingProbe.all(guard).iterator().next();
        Occupant<Boolean> stay = stay(enclave);
        Future<Boolean> waiting = threads.submit(() -> reads(enclave));
        SealingProbe.awaitWaiting(guard, 1, List.of(waiting));

        assertThat(stay.leave()).isTrue();

        assertThat(Await.result(waiting)).isTrue();
        assertThat(SealingProbe.all(guard)).containsExactly(only);
    }

    @Test
    void waitingTooLongEndsWithATypedException() throws Exception {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS
                .withCloseTimeout(Duration.ofMillis(20))
                .withEnclaves(EnclaveOptions.DEFAULTS.withMaxWindows(1).withWhenExhausted(WindowExhaustion.WAIT)));
        Enclave enclave = guard.seal(BYTES.clone());
        Occupant<Boolean> stay = stay(enclave);

        assertThatExceptionOfType(SecureMemoryException.class)
                .isThrownBy(() -> reads(enclave))
                .withMessageContaining("within 20 ms")
                .withMessageContaining("1 are in use");
        assertThatExceptionOfType(SecureMemoryException.class).isThrownBy(() -> guard.seal(BYTES.clone()));

        assertThat(stay.leave()).isTrue();
        assertThat(reads(enclave)).isTrue();
        assertThat(SealingProbe.waiting(guard)).isZero();
    }

    @Test
    void nestedAccessNeverWaitsForItself() {
        MemGuard guard = waiting(1);
        Enclave enclave = guard.seal(BYTES.clone());

        assertThat(nested(guard, enclave, 5)).isEqualTo(5);

        assertThat(guard.status().enclaves().windows()).as("kept").isEqualTo(1);
        assertThat(guard.status().enclaves().live()).isEqualTo(1);
    }

    /** Reads, opens and seals inside each other. */
    private static int nested(MemGuard guard, Enclave enclave, int depth) {
        if (depth == 0) {
            return 0;
        }
        return enclave.withBytes(view -> {
            assertThat(view.contentEquals(BYTES)).isTrue();
            try (Enclave copy = guard.seal(100, target -> target.copyFrom(0, view, 0, 100));
                    LockedBuffer opened = copy.open()) {
                assertThat(opened.contentEquals(BYTES)).isTrue();
                return 1 + nested(guard, copy, depth - 1);
            }
        });
    }

    @Test
    void accessAtTheLockLimitWaitsInsteadOfFailing() throws Exception {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS
                .withCloseTimeout(Duration.ofSeconds(40))
                .withLockLimitBytes(3L * PAGE));
        Enclave enclave = guard.seal(BYTES.clone());
        assertThat(guard.status().lockedBytes()).isEqualTo(3L * PAGE);
        Occupant<Boolean> stay = stay(enclave);
        Future<Boolean> waiting = threads.submit(() -> reads(enclave));
        SealingProbe.awaitWaiting(guard, 1, List.of(waiting));

        assertThat(stay.leave()).isTrue();
        assertThat(Await.result(waiting)).isTrue();
        assertThat(guard.status().enclaves().windows()).isEqualTo(1);
        enclave.withBytes(view -> {
            assertThatExceptionOfType(MemoryLimitException.class)
                    .as("waiting would be for itself")
                    .isThrownBy(() -> reads(enclave));
            return assertThat(view.contentEquals(BYTES)).isTrue();
        });
        assertThat(reads(enclave)).isTrue();
    }

    @Test
    void idleWindowsHoldZerosAfterEveryKindOfUse() {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS);
        for (int size : new int[] {1, 3000, 5000, 10_000, 20_000, 40_000, 80_000, 200_000}) {
            byte[] bytes = LockedBufferContract.pattern(size);
            Enclave enclave = guard.seal(bytes.clone());
            enclave.withBytes(view -> {
                assertThat(view.contentEquals(bytes)).isTrue();
                enclave.open().seal().close();
                return null;
            });
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> enclave.withBytes(view -> Math.addExact(view.length(), Integer.MAX_VALUE)));
            SealingProbe.sealed(enclave)[8]++;
            assertThatExceptionOfType(SecureMemoryException.class).isThrownBy(() -> reads(enclave));
            SealingProbe.assertWindowsAreIdleAndHoldZeros(guard);
        }
        assertThat(guard.status().enclaves().windows()).as("of six sizes").isBetween(6, 12);
    }

    @Test
    void windowWhoseAccessMetAPurgeIsDropped() throws Exception {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS);
        Enclave enclave = guard.seal(BYTES.clone());
        Occupant<Boolean> stay = stay(enclave);

        PurgeReport report = guard.purge(Duration.ZERO);

        assertThat(report.deferred()).isEqualTo(1);
        assertThat(report.wiped()).isZero();
        assertThat(guard.status().enclaves().windows()).isEqualTo(1);
        assertThat(stay.result().isDone()).isFalse();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(stay::leave)
                .withCauseInstanceOf(SecretClosedException.class);
        assertThat(guard.status().enclaves().windows()).isZero();
        assertThat(guard.status().lockedBytes()).as("only the key's").isEqualTo(2L * PAGE);
        assertThat(reads(guard.seal(BYTES.clone()))).isTrue();
    }

    @Test
    void purgeThatWaitsForNobodyWipesUnderTheReader() {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS);
        Enclave enclave = guard.seal(BYTES.clone());

        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> enclave.withBytes(view -> {
                    assertThat(guard.purge(Duration.ZERO).deferred()).isEqualTo(1);
                    SealingProbe.all(guard).forEach(SealingProbe::assertHoldsZeros);
                    assertThat(view.contentEquals(new byte[100])).isTrue();
                    return 1;
                }));
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> guard.seal(100, target -> {
                    target.copyFrom(0, BYTES, 0, 100);
                    guard.purge(Duration.ZERO);
                    SealingProbe.all(guard).forEach(SealingProbe::assertHoldsZeros);
                    target.put(0, (byte) 1);
                }));
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> guard.seal(100, target -> guard.purge(Duration.ZERO)));

        assertThat(guard.status().enclaves().live()).isZero();
        assertThat(guard.status().enclaves().windows()).isZero();
    }
}
