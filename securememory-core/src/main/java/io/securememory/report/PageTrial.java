package io.securememory.report;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.PageEvidence;
import io.securememory.memcall.Protection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tries each protection on new pages, as they are applied to the pages of a secret: a page between two guard pages. */
final class PageTrial {

    private final MemCall memCall;
    private final AskedFor asked;
    private final Runnable makeRoom;
    private final Map<TriedProtection, RuntimeException> failures = new EnumMap<>(TriedProtection.class);
    private Optional<PageEvidence> page = Optional.empty();
    private List<Optional<PageEvidence>> guards = List.of();

    /** @param makeRoom gives up idle memory, as happens for a new secret at the limit */
    PageTrial(MemCall memCall, AskedFor asked, Runnable makeRoom) {
        this.memCall = memCall;
        this.asked = asked;
        this.makeRoom = makeRoom;
    }

    /** Tries everything and frees the pages. Never throws for what the operating system refuses. */
    void run() {
        MemoryRegion whole;
        int size = memCall.pageSize();
        try {
            whole = memCall.allocate(3L * size);
        } catch (RuntimeException e) {
            for (TriedProtection each : TriedProtection.values()) {
                failures.put(each, e);
            }
            return;
        }
        try {
            List<MemoryRegion> outer = List.of(whole.slice(0, size), whole.slice(2L * size, size));
            protect(whole.slice(size, size), outer);
            look(whole.slice(size, size), outer);
        } finally {
            free(whole);
        }
    }

    private void protect(MemoryRegion inner, List<MemoryRegion> outer) {
        boolean hidden =
                asked.hides() && tryOn(TriedProtection.HIDDEN, () -> withRoom(() -> memCall.hideFromKernel(inner)));
        if (asked.hides() && !hidden) {
            failures.put(TriedProtection.MEMORY_LOCK, failures.get(TriedProtection.HIDDEN));
        } else if (asked.locks() && !hidden) {
            tryOn(TriedProtection.MEMORY_LOCK, () -> withRoom(() -> memCall.lock(inner)));
        }
        if (!hidden && memCall.excludesFromDumps()) {
            tryOn(TriedProtection.DUMP_EXCLUSION, () -> memCall.excludeFromDumps(inner));
        }
        tryOn(TriedProtection.FORK_EXCLUSION, () -> memCall.excludeFromFork(inner));
        for (MemoryRegion guard : outer) {
            tryOn(TriedProtection.GUARD_PAGES, () -> memCall.protect(guard, Protection.NO_ACCESS));
        }
        tryOn(TriedProtection.NO_ACCESS_AT_REST, () -> memCall.protect(inner, Protection.NO_ACCESS));
    }

    private void withRoom(Runnable call) {
        try {
            call.run();
        } catch (MemoryLimitException e) {
            makeRoom.run();
            call.run();
        }
    }

    private boolean tryOn(TriedProtection protection, Runnable step) {
        try {
            step.run();
            return true;
        } catch (RuntimeException e) {
            failures.put(protection, e);
            return false;
        }
    }

    /**
     * Asks the kernel. All flags of a page are looked at once only: for that, the kernel looks at every page of the
     * process, which takes long if the heap is large.
     */
    private void look(MemoryRegion inner, List<MemoryRegion> outer) {
        try {
            page = MemCalls.evidence(inner);
            guards = MemCalls.accessEvidence(outer);
        } catch (RuntimeException e) {
            // That nothing is shown is no failure of a protection.
        }
    }

    private void free(MemoryRegion whole) {
        try {
            memCall.free(whole);
        } catch (RuntimeException e) {
            // Three pages of zeros stay mapped. They say nothing about the protections.
        }
    }

    Optional<RuntimeException> failure(TriedProtection protection) {
        return Optional.ofNullable(failures.get(protection));
    }

    /** What the kernel shows of the pages that a protection was tried on. */
    List<Optional<PageEvidence>> shown(TriedProtection protection) {
        return protection == TriedProtection.GUARD_PAGES ? guards : List.of(page);
    }

    /** What the kernel shows of the page between the guard pages; empty if it shows nothing. */
    Optional<PageEvidence> page() {
        return page;
    }
}
