package io.securememory.memguard;

import io.securememory.memcall.Protection;
import io.securememory.memguard.RegionState.Lifecycle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Ends one region: wipes it, checks its canary and gives its pages back, exactly once. */
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

    /** Under the lock: admits nobody from then on, and wakes the threads that wait to enter. */
    void begin() {
        state.moveTo(Lifecycle.CLOSING);
        changed.signalAll();
    }

    /** First step of a purge: admits nobody from then on. Returns whether the region was open before. */
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
     * Says whether the thread inside, which must be the only one, waits for a source that may never answer. A purge
     * does not wait for that thread then. The thread checks for a purge after each read.
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

    /** Second step of a purge: wipes the region if there is nobody to wait for. Never throws. */
    PurgeOutcome purgeIfIdle() {
        boolean inside = Stays.isInside(region);
        if (!lock.tryLock()) {
            return PurgeOutcome.BUSY;
        }
        try {
            begin(); // Again: the first step may have got no lock in time.
            if (state.isIdle()) {
                return runForPurge();
            }
            return inside || isNotAwaited() ? wipeInPlace() : PurgeOutcome.BUSY;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Under the lock. A thread inside is not waited for if the data was wiped already: its access fails in any case.
     */
    private boolean isNotAwaited() {
        return awaitsSource || state.isWiped();
    }

    /** Third step of a purge: waits for threads inside, and then wipes in any case. Never returns BUSY. */
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
     * Under the lock, with nobody inside: releases the region. Throws what went wrong. If the bytes are wiped and the
     * pages given back, the region is FREED even then.
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

    /**
     * Under the lock, with nobody inside: wipes and checks the region. Its pages are unmapped at the end of the purge.
     */
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

    /** Under the lock, with a thread inside: wipes the data. The thread gets no byte of it from then on. */
    private PurgeOutcome wipeInPlace() {
        Failures failures = new Failures();
        boolean wiped = failures.attempt(() -> {
            state.markWiped(); // First: a thread that reads a wiped byte finds the mark when it checks afterwards.
            region.memory().protect(Protection.READ_WRITE);
            region.memory().wipeData();
        });
        failure = failures.first();
        return wiped ? PurgeOutcome.DEFERRED : PurgeOutcome.FAILED;
    }

    /** How many readers and writers are inside, or wait to enter. */
    int stays() {
        return state.isIdle() ? 0 : state.readers() + (state.hasWriter() ? 1 : 0);
    }

    /** The first failure of the last attempt, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
