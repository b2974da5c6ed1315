package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.MemoryCallException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Neighbours that are unmapped together, and what becomes of them if the operating system refuses. */
class JoinedFreeTest {

    private final List<Long> unmappedBytes = new ArrayList<>();
    private IntPredicate fails = call -> false;

    private final LibC libC = watched(new JnaLibC());
    private final LinuxMemCall memCall = new LinuxMemCall(libC, LinuxConstants.GENERIC);
    private final int page = memCall.pageSize();

    /** Notes the lengths that are unmapped, and refuses the calls that are chosen. */
    private LibC watched(LibC real) {
        return (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("munmap")) {
                        unmappedBytes.add((Long) arguments[1]);
                        if (fails.test(unmappedBytes.size() - 1)) {
                            return -1;
                        }
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Regions of one page each that lie side by side, in another order. */
    private List<NativeRegion> neighbours(int count) {
        long address = ((NativeRegion) memCall.allocate((long) count * page)).address();
        List<NativeRegion> regions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            regions.add(new NativeRegion(libC, address + (long) (i * 3 % count) * page, page, page));
        }
        return regions;
    }

    private static void requireFreed(NativeRegion region, LinuxMemCall memCall) {
        assertThatIllegalStateException().isThrownBy(() -> memCall.protect(region, Protection.READ_ONLY));
    }

    @Test
    void neighboursGoByOneCallAndOthersByTheirOwn() {
        List<NativeRegion> regions = neighbours(5);
        NativeRegion left = regions.remove(2); // Of page 1: the pages 2, 3 and 4 are side by side, and 0 is alone.
        assertThat(left.address() - regions.get(0).address()).isEqualTo(page);

        assertThat(memCall.freeAll(regions)).isEmpty();

        assertThat(unmappedBytes).containsExactly((long) page, 3L * page);
        regions.forEach(region -> requireFreed(region, memCall));
        memCall.protect(left, Protection.READ_ONLY);
        memCall.free(left);
    }

    @Test
    void refusedNeighboursAreTriedOneByOneAndWhatIsRefusedAgainStaysUsable() {
        List<NativeRegion> regions = neighbours(4);
        fails = call -> call == 0 || call == 2;

        Map<MemoryRegion, RuntimeException> failures = memCall.freeAll(regions);

        assertThat(unmappedBytes).containsExactly(4L * page, (long) page, (long) page, (long) page, (long) page);
        assertThat(failures).hasSize(1);
        failures.values()
                .forEach(e ->
                        assertThat(e).isInstanceOf(MemoryCallException.class).hasMessageContaining("munmap"));
        NativeRegion refused = (NativeRegion) failures.keySet().iterator().next();
        assertThat(refused.address() - regions.get(0).address()).isEqualTo(page);
        regions.stream().filter(region -> region != refused).forEach(region -> requireFreed(region, memCall));
        memCall.protect(refused, Protection.NO_ACCESS);
        memCall.free(refused);
    }

    @Test
    void anErrorLeavesWhatIsStillMappedUsable() {
        NativeRegion first = (NativeRegion) memCall.allocate(page);
        List<NativeRegion> regions = neighbours(2);
        regions.add(first);
        fails = call -> {
            throw new OutOfMemoryError("of this test");
        };

        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> memCall.freeAll(regions));

        fails = call -> false;
        regions.forEach(region -> memCall.protect(region, Protection.READ_ONLY));
        assertThat(memCall.freeAll(regions)).isEmpty();
    }

    @Test
    void anErrorAmongNeighboursThatGoOneByOneLeavesWhatIsUnmappedRefused() {
        List<NativeRegion> regions = neighbours(2);
        fails = call -> {
            if (call == 2) {
                throw new OutOfMemoryError("of this test");
            }
            return call == 0;
        };

        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> memCall.freeAll(regions));

        requireFreed(regions.get(0), memCall);
        memCall.protect(regions.get(1), Protection.READ_ONLY);
        memCall.free(regions.get(1));
    }

    @Test
    void whatIsNotMappedOrNoWholeIsRefusedAndTheRestGoes() {
        NativeRegion freed = (NativeRegion) memCall.allocate(page);
        memCall.free(freed);
        NativeRegion whole = (NativeRegion) memCall.allocate(2L * page);
        MemoryRegion part = whole.slice(0, page);
        MemoryRegion foreign = MemCalls.lookup(NativeAccess.JNA).allocate(page);
        NativeRegion good = (NativeRegion) memCall.allocate(page);

        Map<MemoryRegion, RuntimeException> failures = memCall.freeAll(List.of(freed, part, foreign, good));

        assertThat(failures).containsOnlyKeys(freed, part, foreign);
        requireFreed(good, memCall);
        memCall.protect(whole, Protection.READ_ONLY);
        memCall.free(whole);
    }
}
