package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryLockLimit;
import io.securememory.memcall.Pages;
import io.securememory.testing.Occupant;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Idle memory of any session gives way to whoever needs it, at the limit of the process. */
class GivingWayTest {

    private static final int PAGE = Pages.SIZE;
    private static final byte[] SHORT = LockedBufferContract.pattern(100);

    /** A process that may lock so many pages. */
    private static final class SmallProcess extends FaultyMemCall {
        private final int pages;

        SmallProcess(int pages) {
            super(MemCalls.system());
            this.pages = pages;
        }

        @Override
        public MemoryLockLimit lockLimit() {
            return new MemoryLockLimit((long) pages * PAGE, (long) pages * PAGE, false);
        }
    }

    private final SmallProcess process = new SmallProcess(16);
    private final MemGuard first = guard(MemGuardOptions.DEFAULTS);
    private final MemGuard second = guard(MemGuardOptions.DEFAULTS);
    private final Workers threads = new Workers();

    private MemGuard guard(MemGuardOptions options) {
        return MemGuard.create(
                process,
                options.withLeakDetection(LeakDetection.OFF)
                        .withCloseTimeout(Duration.ofSeconds(30))
                        .withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO)));
    }

    @AfterEach
    void nothingIsMapped() {
        threads.close();
        first.shutDown();
        second.shutDown();
        assertThat(process.mapped()).isZero();
    }

    private static boolean reads(Enclave enclave) {
        return enclave.withBytes(view -> view.contentEquals(SHORT));
    }

    /** Leaves so many idle windows behind. */
    private void readAtOnce(Enclave enclave, int readers) throws ExecutionException {
        List<Occupant<Boolean>> inside = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            inside.add(Occupant.enter(
                    threads,
                    place -> enclave.withBytes(view -> {
                        place.stay();
                        return view.contentEquals(SHORT);
                    })));
        }
        for (Occupant<Boolean> each : inside) {
            assertThat(each.leave()).isTrue();
        }
    }

    private static List<LockedBuffer> fill(MemGuard guard) {
        List<LockedBuffer> buffers = new ArrayList<>();
        while (true) {
            try {
                buffers.add(guard.moveFrom(SHORT.clone()));
            } catch (MemoryLimitException e) {
                return buffers;
            }
        }
    }

    @Test
    void idleWindowsOfASmallOwnLimitGiveWayToABuffer() throws Exception {
        int pages = 16;
        MemGuard guard =
                MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS.withLockLimitBytes((long) pages * PAGE));
        Enclave enclave = guard.seal(SHORT.clone());
        int windows = pages - 2;
        readAtOnce(enclave, windows);
        assertThat(guard.status().lockedBytes()).isEqualTo((long) pages * PAGE);

        for (int i = 0; i < 3; i++) {
            LockedBuffer reloaded = guard.moveFrom(SHORT.clone());
            assertThat(reloaded.contentEquals(SHORT)).isTrue();
            reloaded.close();
            assertThat(reads(enclave)).isTrue();
        }

        assertThat(guard.status().enclaves().windows())
                .as("no more gave way than was needed")
                .isEqualTo(windows - 1);
        guard.shutDown();
    }

    @Test
    void idlePagesOfAnotherSessionGiveWay() {
        List<LockedBuffer> idle = fill(first);
        assertThat(idle).hasSize(16);
        // Idle are at most a quarter of the limit, or 64 KiB if that is more.
        int kept = Math.max(16 / 4, Math.min(16, 64 * 1024 / PAGE));
        idle.subList(0, kept).forEach(LockedBuffer::close);
        assertThat(first.status().idleRegions()).isEqualTo(kept);

        LockedBuffer buffer = second.moveFrom(SHORT.clone());

        assertThat(buffer.contentEquals(SHORT)).isTrue();
        assertThat(first.status().idleRegions()).isZero();
    }

    @Test
    void idleWindowsOfAnotherSessionGiveWayButForTheOneThatKeepsItsSecretsReadable() throws Exception {
        Enclave enclave = first.seal(SHORT.clone());
        readAtOnce(enclave, 10);
        assertThat(first.status().enclaves().windows()).isEqualTo(10);

        List<LockedBuffer> buffers = fill(second);

        assertThat(buffers).hasSize(16 - 3);
        assertThat(first.status().enclaves().windows()).isEqualTo(1);
        assertThat(reads(enclave)).isTrue();
        assertThat(buffers).allMatch(buffer -> buffer.contentEquals(SHORT));
    }

    @Test
    void idleMemoryOfAnotherSessionGivesWayToASealedAccess() throws Exception {
        readAtOnce(first.seal(SHORT.clone()), 8);
        LockedBuffer idle = first.moveFrom(SHORT.clone());
        idle.close();
        fill(first).subList(0, 5).forEach(LockedBuffer::close);

        Enclave enclave = second.seal(SHORT.clone());

        assertThat(reads(enclave)).isTrue();
    }

    @Test
    void accessThatWaitsTakesTheWindowThatBecomesIdleInAnotherSession() throws Exception {
        Enclave ofFirst = first.seal(SHORT.clone());
        Enclave ofSecond = second.seal(SHORT.clone());
        List<Occupant<Integer>> inside = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            inside.add(stayInside(ofFirst));
            inside.add(stayInside(ofSecond));
        }
        assertThat(first.status().lockedBytes() + second.status().lockedBytes()).isEqualTo(16L * PAGE);
        Future<Boolean> waiting = threads.submit(() -> reads(ofSecond));
        SealingProbe.awaitWaiting(second, 1, List.of(waiting));

        assertThat(inside.get(0).leave()).isEqualTo(SHORT.length); // Of the first.

        assertThat(io.securememory.testing.Await.result(waiting)).isTrue();
        assertThat(first.status().enclaves().windows()).isEqualTo(5);
        for (Occupant<Integer> each : inside.subList(1, inside.size())) {
            each.leave();
        }
    }

    private Occupant<Integer> stayInside(Enclave enclave) throws ExecutionException {
        return Occupant.enter(
                threads,
                place -> enclave.withBytes(view -> {
                    place.stay();
                    return view.length();
                }));
    }

    @Test
    void whatIsRefusedNamesWhatAllSessionsHaveLocked() {
        List<LockedBuffer> ofFirst = fill(first);
        process.failWhere(call -> false);

        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> second.allocate(1))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(MemoryLimitException.Kind.LOCKED_BYTES);
                    assertThat(e.lockedBytes()).isEqualTo(16L * PAGE);
                    assertThat(e.limitBytes()).isEqualTo(16L * PAGE);
                });
        assertThat(process.calls()).as("nothing is mapped in vain").isEmpty();
        assertThat(second.status().lockedBytes()).isZero();
        ofFirst.get(0).close();
        assertThat(second.allocate(1).isAlive()).isTrue();
    }

    @Test
    void whereTheLockIsNotRequiredIdleMemoryOfOthersGivesWayToIt() {
        MemGuard modest = guard(MemGuardOptions.DEFAULTS.withLockPolicy(LockPolicy.BEST_EFFORT));
        fill(first).subList(0, 1).forEach(LockedBuffer::close);

        modest.allocate(1);
        modest.allocate(1);

        assertThat(modest.status().lockedBytes()).isEqualTo(PAGE);
        assertThat(modest.status().degradedTotal()).isEqualTo(1);
        modest.shutDown();
    }

    @Test
    void whatIsTooMuchForTheOwnLimitDisturbsNobodyElse() {
        MemGuard limited = guard(MemGuardOptions.DEFAULTS.withLockLimitBytes(PAGE));
        first.moveFrom(SHORT.clone()).close();
        limited.moveFrom(SHORT.clone());

        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> limited.allocate(1));
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> first.allocate(17 * PAGE));

        assertThat(first.status().idleRegions()).isEqualTo(1);
        limited.shutDown();
    }

    @Test
    void idlePagesAreBoundedByTheirBytes() {
        MemGuard guard = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS);
        List<LockedBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            buffers.add(guard.allocate(300_000));
        }
        buffers.forEach(LockedBuffer::close);

        assertThat(guard.status().idleRegions()).isPositive();
        assertThat(guard.status().idleBytes()).isLessThanOrEqualTo(IdlePages.MAX_BYTES);
        guard.shutDown();
    }
}
