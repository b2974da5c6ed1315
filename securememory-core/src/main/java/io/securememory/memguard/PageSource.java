package io.securememory.memguard;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.memcall.MemCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out guarded pages within the lock limit, and keeps some that were given back for the next one who asks.
 *
 * <p>Idle pages are wiped, locked and counted. They are unmapped when the limit is reached and on purge.
 */
final class PageSource {

    private final MemCall memCall;
    private final LockBudget budget;
    private final int maxIdle;
    private final boolean secretMemory;
    private final Map<Integer, Queue<GuardedPages>> idle = new ConcurrentHashMap<>();
    private final Queue<GuardedPages> unwanted = new ConcurrentLinkedQueue<>();
    /** Whoever drains has either given all back, or is waited for. Taken last. */
    private final ReentrantLock draining = new ReentrantLock();

    private final AtomicLong mapped = new AtomicLong();
    private final AtomicInteger mappedCount = new AtomicInteger();
    private final AtomicInteger idleCount = new AtomicInteger();
    private final AtomicLong idleBytes = new AtomicLong();

    PageSource(MemCall memCall, LockBudget budget, MemGuardOptions options) {
        this.memCall = memCall;
        this.budget = budget;
        this.maxIdle = options.maxIdle();
        this.secretMemory = options.secretMemory();
    }

    MemCall memCall() {
        return memCall;
    }

    LockBudget budget() {
        return budget;
    }

    /** Regions that are mapped, in use or not. */
    int mappedCount() {
        return mappedCount.get();
    }

    int idleCount() {
        return idleCount.get();
    }

    long idleBytes() {
        return idleBytes.get();
    }

    /**
     * Returns zeroed, readable and writable pages, locked unless the policy forgoes it.
     *
     * @param size bytes, whole pages
     * @throws MemoryLimitException if the limit is reached, also without what is idle or waits to be unmapped, and the policy requires the lock
     */
    GuardedPages take(int size) {
        GuardedPages reused = idleOf(size).poll();
        if (reused != null) {
            idleCount.decrementAndGet();
            idleBytes.addAndGet(-size);
            return reused;
        }
        GuardedPages pages = mapAgainAtTheLimit(size);
        if (!pages.isLocked() && budget.policy() == LockPolicy.BEST_EFFORT && drain() > 0) {
            abandon(new Failures(), pages);
            return map(size);
        }
        return pages;
    }

    /** A second time in any case: what another thread was draining is free when this one is through with its drain. */
    private GuardedPages mapAgainAtTheLimit(int size) {
        try {
            return map(size);
        } catch (MemoryLimitException e) {
            drain();
            return map(size);
        }
    }

    private GuardedPages map(int size) {
        boolean lock = budget.reserve(size);
        boolean unused = lock;
        try {
            GuardedPages pages = GuardedPages.map(memCall, size, mapped.incrementAndGet());
            mappedCount.incrementAndGet();
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

    private void lock(GuardedPages pages) {
        try {
            pages.lock();
        } catch (MemoryLimitException | MemoryCallException e) {
            if (budget.policy() == LockPolicy.REQUIRE) {
                throw e;
            }
        }
    }

    /** Takes wiped, accessible pages back for reuse, or unmaps them. */
    void giveBack(GuardedPages pages) {
        boolean wanted = pages.isLocked() || budget.policy() == LockPolicy.OFF;
        if (!wanted || idleCount.incrementAndGet() > maxIdle) {
            if (wanted) {
                idleCount.decrementAndGet();
            }
            discard(pages);
            return;
        }
        idleBytes.addAndGet(pages.size());
        idleOf(pages.size()).add(pages);
    }

    private Queue<GuardedPages> idleOf(int size) {
        return idle.computeIfAbsent(size, any -> new ConcurrentLinkedQueue<>());
    }

    /** Unmaps wiped pages. If that fails they stay counted. */
    void discard(GuardedPages pages) {
        boolean counted = pages.isLocked();
        pages.unmap();
        mappedCount.decrementAndGet();
        if (counted) {
            budget.release(pages.size());
        }
    }

    /** Unmaps wiped pages on the way out of a failure. If that fails, too, {@link #drain()} tries again. */
    void abandon(Failures failures, GuardedPages pages) {
        if (!failures.attempt(() -> discard(pages))) {
            unwanted.add(pages);
        }
    }

    /** Lets wiped pages be swapped, without unmapping them. */
    void unlock(GuardedPages pages) {
        if (pages.isLocked()) {
            pages.unlock();
            if (!pages.isLocked()) {
                budget.release(pages.size());
            }
        }
    }

    /** Takes wiped pages that the next {@link #drain()} unmaps. They stay counted until then. */
    void unmapLater(GuardedPages pages) {
        unwanted.add(pages);
    }

    /**
     * Unmaps all idle pages, those that nobody wants, and those that could not be unmapped before.
     *
     * @return how many were unmapped
     */
    int drain() {
        draining.lock();
        try {
            List<GuardedPages> unused = takeUnused();
            return unused.size() - discardAll(unused).size();
        } finally {
            draining.unlock();
        }
    }

    /**
     * As {@link #drain()}.
     *
     * @return those that are still mapped, and why
     */
    Map<GuardedPages, Throwable> drainAll() {
        draining.lock();
        try {
            return discardAll(takeUnused());
        } finally {
            draining.unlock();
        }
    }

    private List<GuardedPages> takeUnused() {
        List<GuardedPages> unused = new ArrayList<>();
        idle.values().forEach(queue -> moveAll(queue, unused));
        idleCount.addAndGet(-unused.size());
        unused.forEach(pages -> idleBytes.addAndGet(-pages.size()));
        moveAll(unwanted, unused);
        return unused;
    }

    /** Unmaps wiped pages, neighbours together. Those for which it fails stay counted until a drain succeeds. */
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
            // Which ones are unmapped is not known. Those are refused from then on, and stay counted at worst.
            unused.forEach(pages -> failures.put(pages, e));
        }
        unwanted.addAll(failures.keySet());
        mappedCount.addAndGet(failures.size() - unused.size());
        budget.release(counted.stream()
                .filter(pages -> !failures.containsKey(pages))
                .mapToLong(GuardedPages::size)
                .sum());
        return failures;
    }

    private static void moveAll(Queue<GuardedPages> from, List<GuardedPages> to) {
        for (GuardedPages pages = from.poll(); pages != null; pages = from.poll()) {
            to.add(pages);
        }
    }
}
