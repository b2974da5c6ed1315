package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.UnsupportedPlatformException;
import io.securememory.memcall.PageEvidence.PageProtection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What only Windows' MemCall does: the working set, locks that are lost, crash reports. Over a simulation of the calls. */
class WindowsMemCallTest {

    private final SimulatedWindows windows = new SimulatedWindows(new JnaLibC());
    private final MemCall memCall = new WindowsMemCall(windows);
    private final int page = memCall.pageSize();

    @Test
    void theWorkingSetIsRaisedWhenItIsTooSmallForALock() {
        long before = windows.minWorkingSet;
        MemoryRegion region = memCall.allocate(before + page);
        try {
            memCall.lock(region);

            assertThat(windows.minWorkingSet).isGreaterThan(before + page);
            assertThat(LinuxPageFlags.evidence(((NativeRegion) region).address()))
                    .hasValueSatisfying(shown -> assertThat(shown.of(PageProtection.LOCKED))
                            .hasValueSatisfying(
                                    finding -> assertThat(finding.inForce()).isTrue()));
        } finally {
            memCall.free(region);
        }
    }

    @Test
    void aQuotaThatCannotBeRaisedIsExplained() {
        windows.mostWorkingSet = windows.minWorkingSet;
        MemoryRegion region = memCall.allocate(windows.minWorkingSet + page);
        try {
            assertThatExceptionOfType(MemoryLimitException.class)
                    .isThrownBy(() -> memCall.lock(region))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(1453))
                    .satisfies(e -> assertThat(e.remedy()).contains("Increase a process working set", "best-effort"))
                    .withMessageNotContaining("ulimit")
                    .withMessageNotContaining("-1 bytes");
        } finally {
            memCall.free(region);
        }
    }

    @Test
    void pagesThatCannotBeLockedAgainGetNoAccess() {
        windows.mostWorkingSet = windows.minWorkingSet;
        MemoryRegion region = memCall.allocate(2L * page);
        MemoryRegion other = memCall.allocate(windows.minWorkingSet - page);
        try {
            memCall.lock(region);
            memCall.protect(region, Protection.NO_ACCESS);
            memCall.lock(other);

            assertThatExceptionOfType(MemoryLimitException.class)
                    .isThrownBy(() -> memCall.protect(region, Protection.READ_ONLY));
            assertThat(hasAccess(region)).isFalse();

            memCall.unlock(other);
            memCall.protect(region, Protection.READ_ONLY);
            assertThat(hasAccess(region)).isTrue();
        } finally {
            memCall.free(region);
            memCall.free(other);
        }
    }

    @Test
    void pagesThatLostTheirLockAreNotTakenForLocked() {
        MemoryRegion region = memCall.allocate(2L * page);
        try {
            memCall.lock(region.slice(0, page));
            memCall.protect(region, Protection.NO_ACCESS);

            assertThatExceptionOfType(MemoryCallException.class)
                    .isThrownBy(() -> memCall.lock(region))
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ERROR_NOACCESS"));

            memCall.protect(region, Protection.READ_WRITE);
            assertThat(windows.lockedPages()).isEqualTo(1);
            memCall.lock(region);
            assertThat(windows.lockedPages()).isEqualTo(2);
            memCall.unlock(region);
            assertThat(windows.lockedPages()).isZero();
        } finally {
            memCall.free(region);
        }
    }

    private static boolean hasAccess(MemoryRegion region) {
        NativeRegion pages = (NativeRegion) region;
        return WindowsPageFacts.evidence(pages.memory(), pages.address())
                .flatMap(shown -> shown.of(PageProtection.NO_ACCESS))
                .map(finding -> !finding.inForce())
                .orElseThrow();
    }

    @Test
    void pagesAreKeptOutOfCrashReportsUntilTheyAreFreed() {
        MemoryRegion region = memCall.allocate(3L * page);
        memCall.excludeFromDumps(region.slice(page, page));
        assertThat(windows.outOfReports).containsExactly(((NativeRegion) region).address() + page);

        memCall.free(region);

        assertThat(windows.outOfReports).isEmpty();
        assertThat(windows.freedWhileOutOfReports).isFalse();
    }

    @Test
    void whereCrashReportsTakeNoMoreAndOnAnOldWindowsAllElseGoesOn() {
        List<MemoryRegion> regions = new ArrayList<>();
        for (int i = 0; i < 520; i++) {
            MemoryRegion region = memCall.allocate(1);
            memCall.excludeFromDumps(region);
            regions.add(region);
        }
        assertThat(windows.outOfReports).hasSize(512);
        assertThat(memCall.freeAll(regions)).isEmpty();
        assertThat(windows.outOfReports).isEmpty();

        windows.old = true;
        MemCall old = new WindowsMemCall(windows);
        MemoryRegion region = old.allocate(1);
        old.excludeFromDumps(region);
        old.free(region);
        assertThat(windows.outOfReports).isEmpty();
        assertThat(old.excludesFromDumps()).isFalse();
    }

    @Test
    void crashesOfTheProcessAreNotReportedAnyMoreAndTheRestOfTheModeStays() {
        windows.errorMode = 1;

        memCall.disableCoreDumps();

        assertThat(windows.errorMode).isEqualTo(3);
    }

    @Test
    void failedCallsAreNamedInWindowsWords() {
        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> memCall.hideFromKernel(memCall.allocate(1)))
                .withMessageContaining("Only Linux");
        MemoryRegion region = memCall.allocate(1);
        memCall.protect(region, Protection.NO_ACCESS);
        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> memCall.lock(region))
                .withMessageStartingWith("VirtualLock failed with errno 998 (ERROR_NOACCESS)");
        assertThat(WindowsError.failed("VirtualLock", 4711)).hasMessageContaining("4711 (error 4711)");
    }

    @Test
    void theLimitIsNotKnownInAdvance() {
        assertThat(memCall.lockLimit().effectiveBytes()).isEqualTo(MemoryLockLimit.UNLIMITED);
        assertThat(memCall.mappingLimit()).isEqualTo(-1);
    }

    @Test
    void aWindowsWithoutTheFunctionsIsRefusedByName() {
        WindowsApi lacking = new Lacking(windows);

        assertThatExceptionOfType(UnsupportedPlatformException.class)
                .isThrownBy(() -> new WindowsMemCall(lacking))
                .withMessageContaining("VirtualLock");
    }

    private record Lacking(WindowsApi api) implements WindowsApi {

        @Override
        public @Nullable NamedFunction find(String library, String function) {
            return function.equals("VirtualLock") ? null : api.find(library, function);
        }

        @Override
        public int lastError() {
            return api.lastError();
        }

        @Override
        public java.nio.ByteBuffer buffer(long address, int length) {
            return api.buffer(address, length);
        }

        @Override
        public io.securememory.memcall.internal.RawMemory.@Nullable ScopedBuffer scopedBuffer(
                long address, int length) {
            return api.scopedBuffer(address, length);
        }

        @Override
        public String name() {
            return api.name();
        }
    }
}
