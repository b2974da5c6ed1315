package io.securememory.memguard;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.memcall.MemCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands out guarded pages within the limits of locked bytes and of mappings, and keeps some that were given back for
 * reuse.
 *
 * <p>Idle pages are wiped, locked and counted. They are unmapped when this session or another one reaches a limit, and
 * on purge.
 */
final class PagePool implements ProcessAccount.IdleSource {

    /** Locked memory that is kept for later use and can be given up. */
    @FunctionalInterface
    interface Reserve {
        /** Gives it up and returns how many {@link GuardedPages} were unlocked. Never throws. */
        int giveUp();
    }

    private final MemCall memCall;
    private final LockBudget budget;
    private final ProcessAccount account;
    private final boolean secretMemory;
    private final long mappingReserve;
    private final IdlePages idle;
    private final RoomMaker room;
    private final boolean keepsIdle;
    private final Queue<GuardedPages> unwanted = new ConcurrentLinkedQueue<>();
    /** Held while pages are drained, so that a second thread waits for what the first one gives back. Taken last. */
    private final ReentrantLock draining = new ReentrantLock();

    private volatile Reserve reserve = () -> 0;
    private volatile Runnable emptied = () -> {};

    private final AtomicLong mapped = new AtomicLong();
    private final AtomicInteger mappedCount = new AtomicInteger();

    PagePool(MemCall memCall, LockBudget budget, MemGuardOptions options) {
        this.memCall = memCall;
        this.budget = budget;
        this.account = budget.account();
        this.idle = new IdlePages(options.maxIdle());
        this.keepsIdle = options.maxIdle() > 0;
        this.secretMemory = options.secretMemory();
        this.mappingReserve = options.mappingReserve();
        this.room = new RoomMaker(this, account, budget);
    }

    /** Sets the locked memory that is given up before a lock is refused, and on purge. */
    void setReserve(Reserve held) {
        reserve = held;
    }

    /** Sets an action that runs whenever nothing is mapped any more. */
    void whenEmptied(Runnable action) {
        emptied = action;
    }

    MemCall memCall() {
        return memCall;
    }

    LockBudget budget() {
        return budget;
    }

    /** Whether the policy asks for locked memory. */
    boolean wantsLocks() {
        return budget.policy() != LockPolicy.OFF;
    }

    ProcessAccount account() {
        return account;
    }

    /** Number of mapped regions, in use or idle. */
    int mappedCount() {
        return mappedCount.get();
    }

    /** Whether pages are hidden from the kernel. Such pages stay locked until they are unmapped. */
    boolean hidesPages() {
        return secretMemory;
    }

    /** Whether unused pages are kept, locked, for reuse. */
    boolean keepsIdle() {
        return keepsIdle;
    }

    int idleCount() {
        return idle.count();
    }

    long idleBytes() {
        return idle.bytes();
    }

    /**
     * Returns zeroed, readable and writable pages. They are locked, unless the policy does not ask for that.
     *
     * @param size bytes, whole pages
     * @throws MemoryLimitException if no more can be mapped, or if no more can be locked and the policy requires it;
     *     all that was idle in the process was given up before
     */
    GuardedPages take(int size) {
        GuardedPages reused = idle.take(size);
        if (reused != null) {
            return reused;
        }
        GuardedPages pages = room.map(size);
        if (!pages.isLocked() && budget.policy() == LockPolicy.BEST_EFFORT && room.wasMade(size)) {
            abandon(new Failures(), pages);
            return room.map(size);
        }
        return pages;
    }

    /** Maps pages within the limits. Does not make idle memory give way. */
    GuardedPages map(int size) {
        boolean lock = budget.reserve(size);
        boolean unused = lock;
        try {
            GuardedPages pages = mapCounted(size);
            try {
                pages.prepare(secretMemory && lock);
                if (lock) {
                    lock(pages);
                    unused = !pages.isLocked();
                }
                return pages;
            } catch (RuntimeException | Error e) {
                unused = lock && !pages.isLocked();
                abandon(Failures.startingWith(e), pages);
                throw e;
            }
        } finally {
            if (unused) {
                budget.release(size);
            }
        }
    }

    private GuardedPages mapCounted(int size) {
        account.mappings().reserve(memCall, size, mappingReserve);
        try {
            GuardedPages pages = GuardedPages.map(memCall, size, mapped.incrementAndGet());
            mappedCount.incrementAndGet();
            return pages;
        } catch (RuntimeException | Error e) {
            account.mappings().release(1);
            throw e;
        }
    }

    private void lock(GuardedPages pages) {
        try {
            pages.lock();
        } catch (MemoryLimitException | MemoryCallException e) {
            if (budget.policy() == LockPolicy.REQUIRE) {
                throw e;
            }
        }
    }

    /** Takes back wiped, accessible pages. Keeps them for reuse, or unmaps them. */
    void giveBack(GuardedPages pages) {
        boolean wanted = pages.isLocked() || budget.policy() == LockPolicy.OFF;
        if (wanted && idle.offer(pages, budget.knownLimitBytes())) {
            account.returned();
        } else {
            discard(pages);
        }
    }

    /** Unmaps wiped pages. If that fails they stay counted. */
    void discard(GuardedPages pages) {
        boolean counted = pages.isLocked();
        pages.unmap();
        unmapped(1);
        if (counted) {
            cameBack(pages.size());
        }
    }

    private void unmapped(int regions) {
        boolean none = mappedCount.addAndGet(-regions) == 0;
        account.mappings().release(regions);
        if (none) {
            emptied.run();
        }
    }

    /**
     * Reports memory that came back. Not called for pages that could not be locked: two threads that are refused would
     * wake each other endlessly.
     */
    private void cameBack(long lockedBytes) {
        budget.release(lockedBytes);
        account.returned();
    }

    /** Unmaps wiped pages after a failure. If that fails, too, {@link #drain()} tries again. */
    void abandon(Failures failures, GuardedPages pages) {
        if (!failures.attempt(() -> discard(pages))) {
            unwanted.add(pages);
        }
    }

    /** Unlocks wiped pages, without unmapping them. */
    void unlock(GuardedPages pages) {
        if (pages.isLocked()) {
            pages.unlock();
            if (!pages.isLocked()) {
                cameBack(pages.size());
            }
        }
    }

    /** Takes wiped pages, which the next {@link #drain()} unmaps. They stay counted until then. */
    void unmapLater(GuardedPages pages) {
        unwanted.add(pages);
    }

    /**
     * Unmaps all idle pages, and all that wait to be unmapped. Gives up the reserve, too.
     *
     * @return how many were unmapped or given up
     */
    @Override
    public int drain() {
        int givenUp = reserve.giveUp();
        draining.lock();
        try {
            List<GuardedPages> unused = takeUnused();
            return givenUp + unused.size() - discardAll(unused).size();
        } finally {
            draining.unlock();
        }
    }

    /**
     * Gives up all idle pages for another session, as {@link #drain()} does.
     *
     * @param lockedOnly whether the other session needs locked bytes, so that unlocked pages are of no use
     * @return upper bound of the bytes of idle pages that were unmapped
     */
    @Override
    public long giveUpIdle(boolean lockedOnly) {
        if (lockedOnly && budget.policy() == LockPolicy.OFF) {
            return 0;
        }
        long bytes = idleBytes();
        return drain() == 0 ? 0 : bytes;
    }

    /**
     * Unmaps all idle pages, and all that wait to be unmapped. Gives up the reserve, too.
     *
     * @return the pages that are still mapped, and why
     */
    Map<GuardedPages, Throwable> drainAll() {
        reserve.giveUp();
        draining.lock();
        try {
            return discardAll(takeUnused());
        } finally {
            draining.unlock();
        }
    }

    private List<GuardedPages> takeUnused() {
        List<GuardedPages> unused = idle.takeAll();
        for (GuardedPages pages = unwanted.poll(); pages != null; pages = unwanted.poll()) {
            unused.add(pages);
        }
        return unused;
    }

    /**
     * Unmaps wiped pages, adjacent ones together. Pages that cannot be unmapped stay counted until a later drain
     * succeeds.
     */
    private Map<GuardedPages, Throwable> discardAll(List<GuardedPages> unused) {
        if (unused.isEmpty()) {
            return Map.of();
        }
        List<GuardedPages> counted =
                unused.stream().filter(GuardedPages::isLocked).toList();
        Map<GuardedPages, Throwable> failures = new HashMap<>();
        try {
            failures.putAll(GuardedPages.unmapAll(memCall, unused));
        } catch (RuntimeException | Error e) {
            // It is not known which ones are unmapped. A second attempt is refused for those: at worst they stay
            // counted.
            unused.forEach(pages -> failures.put(pages, e));
        }
        unwanted.addAll(failures.keySet());
        unmapped(unused.size() - failures.size());
        cameBack(counted.stream()
                .filter(pages -> !failures.containsKey(pages))
                .mapToLong(GuardedPages::size)
                .sum());
        return failures;
    }
}
