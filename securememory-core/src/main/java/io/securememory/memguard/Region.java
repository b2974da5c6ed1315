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
 * One region, and the rules by which threads share it.
 *
 * <h2>Concurrency protocol</h2>
 *
 * <ul>
 *   <li>Several readers may be inside at once. A reader is counted in the {@linkplain RegionState state word} first, by
 *       one addition. If the pages are readable, it is inside. If not, it waits for the {@link #lock}; whoever has the
 *       lock makes the pages READ_ONLY for all readers that are counted. Leaving is one addition, too. The last reader
 *       to leave sets the pages to NO_ACCESS under the lock, unless another reader was counted in between.
 *   <li>Memory that is {@linkplain RegionData#isKeptOpen() kept open} is used by one thread at a time, which enters and
 *       leaves by one compare-and-set. Once the region is CLOSING, that thread leaves under the lock, so that it can
 *       release the region.
 *   <li>A writer is alone. It waits until the pages are at rest (not readable, no writer), and may have to wait long if
 *       readers overlap. While it is inside, readers wait, whether they are counted or not.
 *   <li>Lifecycle and protection change under the lock only. So a thread that holds the lock and finds nobody inside
 *       owns the pages: a reader that is counted in an idle region waits for the lock.
 *   <li>Once the region is CLOSING, every wait to enter it ends with {@link SecretClosedException}, and so does every
 *       wait for a writer to leave. So threads that wait for each other in a circle are freed when one of their regions
 *       is closed or purged.
 *   <li>Close sets CLOSING, after which no reader can enter, and waits until the region is FREED. The thread that finds
 *       the region CLOSING and idle releases it, exactly once. That is the closing thread or the last one to leave.
 *   <li>A thread never waits for itself. Nested accesses ride on the outer one: they do not count. If a thread closes
 *       or purges a region that it is inside of, the region is released when it leaves.
 *   <li>Purge wipes idle regions first. For the others it waits until a deadline, but not for a writer that {@linkplain
 *       RegionRelease#setAwaitsSource waits for a source}. Then it marks the region as wiped, wipes the data while
 *       readers are inside, and leaves the unmapping to the last reader. Everything that they read from then on throws
 *       an exception, and so does the end of their access.
 *   <li>If pages cannot be protected again after an access, the region is POISONED and admits no further access. Its
 *       release tries again.
 *   <li>If a release fails, the region stays CLOSING, registered, inaccessible and counted. Each later close or purge
 *       tries again.
 * </ul>
 *
 * <p>Lock order: the lock of a region is the innermost one. No user code runs and no other lock is taken under it.
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

    /** Whether a close or a purge has begun. */
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

    /** Admits the current thread, which is not inside yet, as a reader. */
    void enterReader() {
        if ((memory.isKeptOpen() && state.tryEnterAlone()) || state.enter()) {
            return;
        }
        if (!state.isOpen()) {
            withdraw(); // Before the exception is made: a close waits until no reader is counted.
            requireOpen();
        }
        try {
            beReadable();
        } catch (RuntimeException | Error e) {
            Failures.suppress(e, this::withdraw);
            throw e;
        }
    }

    /**
     * Takes back the count of a reader that was not admitted. If it is the last one, does what the last one to leave
     * does.
     */
    private void withdraw() {
        try {
            leaveReader();
        } catch (CanaryViolationException e) {
            owner.raiseCanaryAlarm();
            throw e;
        }
    }

    /** Called by a reader that is counted: waits until the pages are readable, or makes them readable. */
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
     * @return whether a purge has wiped the data while the thread was inside
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

    /** Admits the current thread, which is not inside yet, as the writer. */
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

    /** Lets the writer out, which is the current thread. Returns what {@link #leaveReader()} returns. */
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

    /** Under the lock, with nobody inside: sets the pages to NO_ACCESS, or releases them if the region is CLOSING. */
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

    /** Forbids writing. Waits for a writer that is inside, so that nothing is written once this returns. */
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

    /** Allows writing again. Waits for nobody: while a writer is inside, the region is not frozen. */
    void melt() {
        lock.lock();
        try {
            requireOpen();
            frozen = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Under the lock: waits until no writer is inside. Throws if the region is closed meanwhile, so it is open on
     * return.
     */
    private void awaitNoWriter() {
        for (requireOpen(); state.hasWriter(); requireOpen()) {
            changed.awaitUninterruptibly();
        }
    }

    /** Wipes and releases the region, or makes the last thread inside do so. Idempotent. */
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

    /** Releases this region, on close and on purge. */
    RegionRelease release() {
        return release;
    }

    /** Whether a purge has wiped the data while a thread was inside. */
    boolean isWiped() {
        return state.isWiped();
    }

    @Override
    public String toString() {
        return "Region[" + state + "]";
    }
}
