package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.CloseTimeoutException;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.memcall.Protection;
import io.securememory.memguard.RegionState.Lifecycle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One region and the rules by which threads use it.
 *
 * <h2>Concurrency protocol</h2>
 *
 * <ul>
 *   <li>Readers share. Each is counted in the {@linkplain RegionState state word} first, by one addition. If the pages
 *       are readable, it is inside; if not, it waits for the {@link #lock}, and whoever has it opens the pages READ_ONLY
 *       for all who are counted. Leaving is one addition, too; the last one out closes the pages to NO_ACCESS under the
 *       lock, unless another reader was counted meanwhile.
 *   <li>Memory that is {@linkplain RegionData#isKeptOpen() kept open} is one thread's at a time, which enters and leaves
 *       by one compare-and-set, too. Once it is CLOSING, the thread leaves under the lock, to release it.
 *   <li>A writer is alone. It waits until the pages are at rest, for as long as readers overlap; once it is inside, they
 *       wait, counted or not.
 *   <li>Lifecycle and protection change under the lock only, so whoever holds it and sees nobody inside owns the pages:
 *       a reader who is counted in an idle region waits for the lock.
 *   <li>Every wait to get in, and for a writer to leave, ends with {@link SecretClosedException} once the region is CLOSING:
 *       threads that wait for each other in a circle are free when one of their regions is closed or purged.
 *   <li>Close moves to CLOSING, which no reader can enter, and then waits until the region is FREED. Whoever finds the
 *       region CLOSING and idle, the closer or the last one out, releases it, exactly once.
 *   <li>A thread that is inside does not wait for itself: its nested accesses ride on the outer one, and its close or
 *       purge leaves the release to its own way out.
 *   <li>Purge wipes idle regions first. For the others it waits up to a deadline, but not for a writer that {@linkplain
 *       RegionRelease#setAwaitsSource waits for a source}; then it marks the region, wipes the data under the readers and leaves
 *       the unmapping to the last of them. Whatever they read from then on throws, and so does the end of their access.
 *   <li>A failed re-protect moves to POISONED: no access any more; the release tries again.
 *   <li>A failed release leaves the region CLOSING, registered, inaccessible and counted; each later close or purge
 *       tries again.
 * </ul>
 *
 * <p>Lock order: a region's lock is the innermost; no user code and no other lock is taken under it.
 */
final class Region implements Stays.Place {

    private final RegionOwner owner;
    private final RegionData memory;
    private final RegionState state = new RegionState();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final RegionRelease release;

    /** Written under the lock. */
    private volatile boolean frozen;

    Region(RegionOwner owner, RegionData memory, boolean frozen) {
        this.owner = owner;
        this.memory = memory;
        this.frozen = frozen;
        this.release = new RegionRelease(owner, this, state, lock, changed);
    }

    int size() {
        return memory.size();
    }

    RegionData memory() {
        return memory;
    }

    @Override
    public boolean isWindow() {
        return memory.isKeptOpen();
    }

    RegionOwner owner() {
        return owner;
    }

    boolean isOpen() {
        return state.isOpen();
    }

    /** Whether a close or purge has begun. */
    boolean isReleasing() {
        return state.lifecycle().compareTo(Lifecycle.CLOSING) >= 0;
    }

    void requireOpen() {
        switch (state.lifecycle()) {
            case OPEN -> {}
            case POISONED ->
                throw new SecureMemoryException("The memory could not be protected again after an access and admits no"
                        + " further one; close it to wipe it.");
            case CLOSING, FREED -> throw new SecretClosedException("The secret is closed.");
        }
    }

    /** Admits the current thread as a reader. It is not inside yet. */
    void enterReader() {
        if ((memory.isKeptOpen() && state.tryEnterAlone()) || state.enter()) {
            return;
        }
        if (!state.isOpen()) {
            withdraw(); // Before the exception is made: a close waits until nobody is counted.
            requireOpen();
        }
        try {
            beReadable();
        } catch (RuntimeException | Error e) {
            Failures.suppress(e, this::withdraw);
            throw e;
        }
    }

    /** Takes back the count of a reader that was not admitted, and does what the last one out does, if it is the last. */
    private void withdraw() {
        try {
            leaveReader();
        } catch (CanaryViolationException e) {
            owner.raiseCanaryAlarm();
            throw e;
        }
    }

    /** For a reader that is counted: waits until the pages are readable, or opens them. */
    private void beReadable() {
        if (Spin.untilReadable(state, lock)) {
            return;
        }
        lock.lock();
        try {
            awaitNoWriter();
            if (state.isIdle()) {
                memory.protect(Protection.READ_ONLY);
                state.beginReading();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets the current thread out.
     *
     * @return whether the data was wiped by a purge meanwhile
     */
    boolean leaveReader() {
        if (memory.isKeptOpen() && state.tryLeaveAlone()) {
            return false;
        }
        long left = state.leave();
        if (RegionState.isLast(left)) {
            comeToRest();
        }
        return RegionState.isWiped(left);
    }

    private void comeToRest() {
        Spin.lock(lock);
        try {
            if (state.tryEndReading()) {
                settle();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Admits the current thread, which is not inside yet, as the only one. */
    void enterWriter() {
        lock.lock();
        try {
            while (true) {
                requireOpen();
                if (frozen) {
                    throw new IllegalStateException("the buffer is frozen; melt it to write to it");
                }
                if (!state.isIdle()) {
                    changed.awaitUninterruptibly();
                    continue;
                }
                memory.protect(Protection.READ_WRITE);
                if (state.tryEnterWriter()) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #leaveReader()}. */
    boolean leaveWriter() {
        lock.lock();
        try {
            state.leaveWriter();
            boolean wiped = state.isWiped();
            settle();
            return wiped;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock, with nobody inside: brings the pages to rest, or releases them. */
    private void settle() {
        try {
            if (state.lifecycle().compareTo(Lifecycle.CLOSING) >= 0) {
                release.run();
            } else if (state.lifecycle() == Lifecycle.OPEN) {
                memory.protect(Protection.NO_ACCESS);
            }
        } catch (RuntimeException | Error e) {
            state.moveTo(Lifecycle.POISONED);
            throw e;
        } finally {
            changed.signalAll();
        }
    }

    boolean isFrozen() {
        return frozen;
    }

    /** Waits for a writer inside, so that nothing is written once this returns. */
    void freeze() {
        if (Stays.isWriting(this)) {
            throw new IllegalStateException("a buffer cannot be frozen inside its own mutate action");
        }
        lock.lock();
        try {
            awaitNoWriter();
            frozen = true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for nobody: what is being written is not frozen. */
    void melt() {
        lock.lock();
        try {
            requireOpen();
            frozen = false;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: waits for the writer inside for as long as the region is open, which it is on return. */
    private void awaitNoWriter() {
        for (requireOpen(); state.hasWriter(); requireOpen()) {
            changed.awaitUninterruptibly();
        }
    }

    /** Wipes and releases, or sees to it that the last one inside does. Idempotent. */
    void close() {
        boolean inside = Stays.isInside(this);
        Deadline deadline = Deadline.after(owner.closeTimeout());
        if (!deadline.lock(lock)) {
            throw timedOut();
        }
        try {
            if (state.lifecycle() == Lifecycle.FREED) {
                return;
            }
            release.begin();
            if (state.isIdle()) {
                release.run();
            } else if (!inside) {
                awaitRelease(deadline);
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitRelease(Deadline deadline) {
        if (!deadline.await(changed, state::isIdle)) {
            throw timedOut();
        }
        Failures.rethrow(release.failure());
    }

    private CloseTimeoutException timedOut() {
        return new CloseTimeoutException("Waited " + owner.closeTimeout().toMillis() + " ms for "
                + (state.hasWriter() ? "a writer" : state.readers() + " readers")
                + " to leave. No new one is admitted, and the last one out wipes and releases the memory.");
    }

    /** How this region ends in a purge. */
    RegionRelease release() {
        return release;
    }

    /** Whether a purge wiped the data while someone was inside. */
    boolean isWiped() {
        return state.isWiped();
    }

    @Override
    public String toString() {
        return "Region[" + state + "]";
    }
}
