package io.securememory.memcall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
    private final FailedCall failed;
    private final List<NativeRegion> marked = new ArrayList<>();
    private final Map<MemoryRegion, RuntimeException> failures = new HashMap<>();

    /** How many of the marked ones have been attempted. */
    private int done;

    JoinedFree(LibC libC, FailedCall failed) {
        this.libC = libC;
        this.failed = failed;
    }

    /** Unmaps regions; returns what is not unmapped, and why. What it throws has left no mark on a region that is mapped. */
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

    /** Refuses the region from now on. */
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
     * A call that fails has unmapped nothing, so that each of the neighbours can be tried by itself. What is unmapped
     * counts as done at once: its mark is never taken away.
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
