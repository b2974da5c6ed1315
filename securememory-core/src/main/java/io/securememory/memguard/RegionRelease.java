package io.securememory.memguard;

import io.securememory.memcall.Protection;
import io.securememory.memguard.RegionState.Lifecycle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The end of one region: wiped, checked and its pages given back, exactly once. */
final class RegionRelease {

    private final RegionOwner owner;
    private final Region region;
    private final RegionState state;
    private final ReentrantLock lock;
    private final Condition changed;
    private volatile @Nullable Throwable failure;

    /** Written under the lock. */
    private boolean awaitsSource;

    RegionRelease(RegionOwner owner, Region region, RegionState state, ReentrantLock lock, Condition changed) {
        this.owner = owner;
        this.region = region;
        this.state = state;
        this.lock = lock;
        this.changed = changed;
    }

    /** Under the lock: admits nobody from now on, and tells so who waits to get in. */
    void begin() {
        state.moveTo(Lifecycle.CLOSING);
        changed.signalAll();
    }

    /** First step of a purge: nobody new gets in. Returns whether somebody could until now. */
    boolean refuseReaders(Deadline deadline) {
        if (!deadline.lock(lock)) {
            return false;
        }
        try {
            boolean open = state.lifecycle() == Lifecycle.OPEN;
            begin();
            return open;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says whether the thread that is inside, which is the only one, waits for a source that may take for ever. It is not
     * waited for then, and looks for a purge after each read.
     */
    void setAwaitsSource(boolean value) {
        lock.lock();
        try {
            awaitsSource = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Second step of a purge: wipes what there is nobody to wait for. Never throws. */
    PurgeOutcome purgeIfIdle() {
        boolean inside = Stays.isInside(region);
        if (!lock.tryLock()) {
            return PurgeOutcome.BUSY;
        }
        try {
            begin(); // Again: the first step may not have had the lock in time.
            if (state.isIdle()) {
                return runForPurge();
            }
            return inside || isNotAwaited() ? wipeInPlace() : PurgeOutcome.BUSY;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. Whoever is inside of what was wiped under its eyes cannot end well any more. */
    private boolean isNotAwaited() {
        return awaitsSource || state.isWiped();
    }

    /** Third step of a purge: as the second, but waits, and then wipes in any case. Never says BUSY. */
    PurgeOutcome purge(Deadline deadline) {
        boolean inside = Stays.isInside(region);
        if (!deadline.lock(lock)) {
            return PurgeOutcome.FAILED;
        }
        try {
            begin();
            if (!inside) {
                deadline.await(changed, () -> state.isIdle() || isNotAwaited());
            }
            return state.isIdle() ? runForPurge() : wipeInPlace();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Under the lock, with nobody inside. Throws what went wrong; the region is FREED nevertheless if its bytes and pages are
     * gone.
     */
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

    /** Under the lock, with nobody inside: wipes and checks, and leaves the pages to the end of the purge. */
    private PurgeOutcome runForPurge() {
        if (state.lifecycle() == Lifecycle.FREED) {
            return PurgeOutcome.GONE;
        }
        Failures failures = new Failures();
        boolean wiped = region.memory().wipeForRelease(failures);
        failure = failures.first();
        if (!wiped) {
            return PurgeOutcome.FAILED;
        }
        state.moveTo(Lifecycle.FREED);
        owner.pages().unmapLater(region.memory().pages());
        owner.unregister(region);
        return PurgeOutcome.WIPED;
    }

    /** Under the lock, with someone inside, to whom no byte is shown from now on. */
    private PurgeOutcome wipeInPlace() {
        Failures failures = new Failures();
        boolean wiped = failures.attempt(() -> {
            state.markWiped(); // First: whoever reads a wiped byte finds the mark after it.
            region.memory().protect(Protection.READ_WRITE);
            region.memory().wipeData();
        });
        failure = failures.first();
        return wiped ? PurgeOutcome.DEFERRED : PurgeOutcome.FAILED;
    }

    /** How many times threads are inside, or wait to be. */
    int stays() {
        return state.isIdle() ? 0 : state.readers() + (state.hasWriter() ? 1 : 0);
    }

    /** What the last attempt failed with or found out on the way, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
