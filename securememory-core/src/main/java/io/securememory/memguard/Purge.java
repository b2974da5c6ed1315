package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.PurgeReport;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One purge of some regions. It admits no new readers, then wipes all regions, then unmaps them.
 *
 * <p>Regions that nobody is inside of are wiped in {@link #begin()}, before {@link #finish()} waits for anyone. So one
 * reader does not keep other secrets alive. If several purges run together, all begin before one finishes. The pages
 * are unmapped together at the end, which takes a third of the time. Until then they hold zeros, and stay locked and
 * counted; a thread that reaches the lock limit meanwhile unmaps them. The wait ends early if only {@link
 * ExitingReaders} are left to wait for.
 */
final class Purge {

    private final PagePool pages;
    private final LentCopies lentCopies;
    private final Deadline deadline;
    private final List<Region> regions;
    private final List<Region> busy = new ArrayList<>();
    private final List<Region> wiped = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private long nanoseconds;
    private int deferred;
    private int failed;
    private long bytes;

    /** In the order in which they were mapped, see {@link GuardedPages#number()}. */
    Purge(List<Region> purged, PagePool pages, LentCopies lentCopies, Deadline deadline) {
        this.regions = purged.stream()
                .sorted(Comparator.comparingLong(
                        region -> region.memory().pages().number()))
                .toList();
        this.pages = pages;
        this.lentCopies = lentCopies;
        this.deadline = deadline;
    }

    /** Admits no new readers, and wipes the regions that nobody is inside of. Waits for locks only. */
    Purge begin() {
        long start = System.nanoTime();
        BitSet refused = new BitSet();
        for (int i = 0; i < regions.size(); i++) {
            refused.set(i, regions.get(i).release().refuseReaders(deadline));
        }
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            PurgeOutcome outcome = region.release().purgeIfIdle();
            if (outcome == PurgeOutcome.BUSY) {
                busy.add(region);
            } else {
                count(region, refused.get(i) ? byTheLastOneInside(outcome) : outcome);
            }
        }
        nanoseconds = System.nanoTime() - start;
        return this;
    }

    /** Returns how many stays this purge waits for. */
    int stays() {
        return busy.stream().mapToInt(region -> region.release().stays()).sum();
    }

    /** Waits for the remaining threads until the deadline, wipes their regions in any case, and unmaps the pages. */
    PurgeReport finish() {
        long start = System.nanoTime();
        for (Region region : busy) {
            PurgeOutcome outcome = region.release().purge(deadline);
            count(region, byTheLastOneInside(outcome));
        }
        lentCopies.wipePurged();
        int mapped = unmap();
        failures.forEach(failure -> LOG.error("A buffer was not purged cleanly", failure));
        nanoseconds += System.nanoTime() - start;
        return new PurgeReport(wiped.size() - mapped, deferred, failed + mapped, bytes, nanoseconds);
    }

    /** A region that was there when this began, and is gone now, was wiped by the last thread to leave it. */
    private static PurgeOutcome byTheLastOneInside(PurgeOutcome outcome) {
        return outcome == PurgeOutcome.GONE ? PurgeOutcome.WIPED : outcome;
    }

    private void count(Region region, PurgeOutcome outcome) {
        if (outcome == PurgeOutcome.GONE) {
            return;
        }
        if (outcome == PurgeOutcome.WIPED) {
            wiped.add(region);
        } else if (outcome == PurgeOutcome.DEFERRED) {
            deferred++;
        } else {
            failed++;
        }
        bytes += outcome == PurgeOutcome.FAILED ? 0 : region.size();
        Throwable failure = region.release().failure();
        if (failure != null) {
            failures.add(failure); // Logged when everything is wiped.
        }
    }

    /** Unmaps the pages of wiped regions and all idle pages. Returns how many of the wiped regions are still mapped. */
    private int unmap() {
        Map<GuardedPages, Throwable> mapped = pages.drainAll();
        failures.addAll(mapped.values());
        return (int) wiped.stream()
                .filter(region -> mapped.containsKey(region.memory().pages()))
                .count();
    }
}
