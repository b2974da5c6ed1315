package io.securememory.memguard;

import io.securememory.memcall.Protection;
import io.securememory.memguard.RegionState.Lifecycle;
import org.jspecify.annotations.Nullable;

/** The end of one region: wiped, checked and unmapped, exactly once. Callers hold the region's lock. */
final class RegionRelease {

    private final GuardedMemory owner;
    private final GuardedRegion region;
    private final RegionState state;
    private volatile @Nullable Throwable failure;

    RegionRelease(GuardedMemory owner, GuardedRegion region, RegionState state) {
        this.owner = owner;
        this.region = region;
        this.state = state;
    }

    /** With nobody inside. Throws what went wrong; the region is FREED nevertheless if its bytes and pages are gone. */
    void run() {
        Failures failures = new Failures();
        boolean done = region.memory().release(failures);
        failure = failures.first();
        if (done) {
            state.moveTo(Lifecycle.FREED);
            owner.unregister(region);
        }
        failures.throwFirst();
    }

    /** With nobody inside. */
    PurgeOutcome runForPurge() {
        if (state.lifecycle() != Lifecycle.FREED) {
            new Failures().attempt(this::run);
        }
        return state.lifecycle() == Lifecycle.FREED ? PurgeOutcome.WIPED : PurgeOutcome.FAILED;
    }

    /** With someone inside, who sees zeros from now on. */
    PurgeOutcome wipeInPlace() {
        Failures failures = new Failures();
        boolean wiped = failures.attempt(() -> {
            state.markWiped(); // First: whoever reads a wiped byte finds the mark on the way out.
            region.memory().protect(Protection.READ_WRITE);
            region.memory().wipeData();
        });
        failure = failures.first();
        return wiped ? PurgeOutcome.DEFERRED : PurgeOutcome.FAILED;
    }

    /** What the last attempt failed with or found out on the way, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
