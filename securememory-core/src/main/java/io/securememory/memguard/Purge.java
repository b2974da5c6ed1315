package io.securememory.memguard;

import io.securememory.PurgeReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One purge of some regions: nobody new gets in, then everything is wiped, then everything is unmapped.
 *
 * <p>What nobody is inside is wiped before anyone is waited for, so that one reader does not keep other secrets alive. The
 * pages are unmapped at the end and together, which takes a third of the time. Until then they are zeros, and locked and
 * counted; whoever meets the lock limit meanwhile unmaps them.
 */
final class Purge {

    private static final Logger LOG = LoggerFactory.getLogger(MemGuard.class);

    private final PageSource pages;
    private final WindowPool windows;
    private final Deadline deadline;
    private final List<GuardedRegion> wiped = new ArrayList<>();
    private int deferred;
    private int failed;
    private long bytes;

    Purge(PageSource pages, WindowPool windows, Deadline deadline) {
        this.pages = pages;
        this.windows = windows;
        this.deadline = deadline;
    }

    PurgeReport run(List<GuardedRegion> purged) {
        long start = System.nanoTime();
        List<GuardedRegion> regions = new ArrayList<>(purged);
        regions.sort(Comparator.comparingLong(region -> region.memory().pages().number()));
        regions.forEach(region -> region.release().refuseReaders(deadline));
        List<GuardedRegion> busy = new ArrayList<>();
        for (GuardedRegion region : regions) {
            PurgeOutcome outcome = region.release().purgeIfIdle();
            if (outcome == PurgeOutcome.BUSY) {
                busy.add(region);
            } else {
                count(region, outcome);
            }
        }
        for (GuardedRegion region : busy) {
            PurgeOutcome outcome = region.release().purge(deadline);
            count(region, outcome == PurgeOutcome.GONE ? PurgeOutcome.WIPED : outcome); // By the last one inside.
        }
        windows.wipePurged();
        int mapped = unmap();
        return new PurgeReport(wiped.size() - mapped, deferred, failed + mapped, bytes, System.nanoTime() - start);
    }

    private void count(GuardedRegion region, PurgeOutcome outcome) {
        switch (outcome) {
            case WIPED -> wiped.add(region);
            case DEFERRED -> deferred++;
            case FAILED, BUSY -> failed++;
            case GONE -> {
                return;
            }
        }
        bytes += outcome == PurgeOutcome.FAILED ? 0 : region.size();
        log(region.release().failure());
    }

    private static void log(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("A buffer was not purged cleanly", failure);
        }
    }

    /** Unmaps the pages of wiped regions and all idle ones; returns how many of the former are still mapped. */
    private int unmap() {
        Map<GuardedPages, Throwable> failures = pages.drainAll();
        if (failures.isEmpty()) {
            return 0;
        }
        failures.values().forEach(Purge::log);
        return (int) wiped.stream()
                .filter(region -> failures.containsKey(region.memory().pages()))
                .count();
    }
}
