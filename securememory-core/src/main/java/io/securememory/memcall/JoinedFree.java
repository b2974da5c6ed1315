package io.securememory.memcall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Unmaps many regions, and those that lie side by side by one call.
 *
 * <p>The kernel needs a third of the time for neighbours that go together, as it rebuilds its tree of mappings and asks the
 * other processors to forget the addresses once for all of them.
 *
 * <p>A region is marked as freed before it is unmapped, as the monitors of so many regions cannot be held together. From
 * then on every call refuses it, so that none can reach an address that is somebody else's by now. One that could not be
 * unmapped gets its mark taken away again.
 */
final class JoinedFree {

    private final LibC libC;
    private final List<NativeRegion> marked = new ArrayList<>();
    private final Map<MemoryRegion, RuntimeException> failures = new HashMap<>();

    JoinedFree(LibC libC) {
        this.libC = libC;
    }

    /** Refuses the region from now on. */
    void mark(NativeRegion region) {
        synchronized (region.mapping()) {
            LinuxMemCall.requireMapped(region);
            marked.add(region);
            region.mapping().markFreed();
        }
    }

    void refused(MemoryRegion region, RuntimeException why) {
        failures.put(region, why);
    }

    /** Unmaps what was marked; returns what is not unmapped, and why. */
    Map<MemoryRegion, RuntimeException> run() {
        marked.sort(Comparator.comparingLong(NativeRegion::address));
        int from = 0;
        for (int to = 1; to <= marked.size(); to++) {
            if (to == marked.size() || marked.get(to).address() != end(marked.get(to - 1))) {
                unmap(marked.subList(from, to));
                from = to;
            }
        }
        return failures;
    }

    private static long end(NativeRegion region) {
        return region.address() + region.size();
    }

    /** A call that fails has unmapped nothing, so that each of the neighbours can be tried by itself. */
    private void unmap(List<NativeRegion> neighbours) {
        long from = neighbours.get(0).address();
        if (libC.munmap(from, end(neighbours.get(neighbours.size() - 1)) - from) == 0) {
            return;
        }
        int errno = libC.errno();
        if (neighbours.size() > 1) {
            neighbours.forEach(region -> unmap(List.of(region)));
            return;
        }
        NativeRegion region = neighbours.get(0);
        synchronized (region.mapping()) {
            region.mapping().markMapped();
        }
        refused(region, FailedCall.of("munmap", errno));
    }
}
