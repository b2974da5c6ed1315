package io.securememory.memcall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Unmaps many regions. Adjacent regions are unmapped by one call.
 *
 * <p>One call for adjacent regions takes a third of the time of one call for each, because the kernel rebuilds its
 * tree of mappings, and tells the other processors to drop the addresses, only once.
 *
 * <p>A region is marked as freed before it is unmapped, because the monitors of many regions cannot be held at the
 * same time. From then on, every call refuses the region, so that no call can reach an address that already belongs to
 * another mapping. If a region cannot be unmapped, its mark is removed.
 */
final class JoinedFree {

    private final LibC libC;
    private final FailedCall failed;
    private final List<NativeRegion> marked = new ArrayList<>();
    private final Map<MemoryRegion, RuntimeException> failures = new HashMap<>();

    /** How many of the marked regions were attempted. */
    private int done;

    JoinedFree(LibC libC, FailedCall failed) {
        this.libC = libC;
        this.failed = failed;
    }

    /**
     * Unmaps regions. Returns those that were not unmapped, with the reasons. If this method throws, no region that is
     * still mapped stays marked.
     */
    Map<MemoryRegion, RuntimeException> free(
            Collection<? extends MemoryRegion> regions, Function<MemoryRegion, NativeRegion> own) {
        try {
            for (MemoryRegion region : regions) {
                try {
                    mark(own.apply(region));
                } catch (IllegalArgumentException | IllegalStateException e) {
                    failures.put(region, e);
                }
            }
            marked.sort(Comparator.comparingLong(NativeRegion::address));
            unmapAll();
        } finally {
            marked.subList(done, marked.size()).forEach(JoinedFree::unmark);
        }
        return failures;
    }

    /** Marks a region, so that calls refuse it from now on. */
    private void mark(NativeRegion region) {
        synchronized (region.mapping()) {
            region.requireMapped();
            marked.add(region);
            region.mapping().markFreed();
        }
    }

    private static void unmark(NativeRegion region) {
        synchronized (region.mapping()) {
            region.mapping().markMapped();
        }
    }

    private void unmapAll() {
        for (int to = 1; to <= marked.size(); to++) {
            if (to == marked.size() || marked.get(to).address() != end(marked.get(to - 1))) {
                unmapUpTo(to);
            }
        }
    }

    private static long end(NativeRegion region) {
        return region.address() + region.size();
    }

    /**
     * Unmaps adjacent regions together. If that call fails, it has unmapped nothing, so each region is tried on its
     * own. A region that was unmapped counts as done immediately: its mark is never removed.
     */
    private void unmapUpTo(int to) {
        long from = marked.get(done).address();
        if (to - done > 1 && libC.munmap(from, end(marked.get(to - 1)) - from) == 0) {
            done = to;
            return;
        }
        while (done < to) {
            NativeRegion region = marked.get(done);
            if (libC.munmap(region.address(), region.size()) != 0) {
                int errno = libC.errno();
                unmark(region);
                failures.put(region, failed.of("munmap", errno));
            }
            done++;
        }
    }
}
