package io.securememory.memguard;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.MemoryLimitException.Kind;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemoryLockLimit;
import io.securememory.memguard.ProcessAccount.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out guarded pages within the limits of locked bytes and of mappings, and keeps some that were given back for the next
 * one who asks.
 *
 * <p>Idle pages are wiped, locked and counted. They are unmapped when a limit is reached, by this session or another one, and
 * on purge.
 */
final class PageSource {

    private final MemCall memCall;
    private final LockBudget budget;
    private final ProcessAccount account;
    private final boolean secretMemory;
    private final long mappingReserve;
    private final IdlePages idle;
    private final Queue<GuardedPages> unwanted = new ConcurrentLinkedQueue<>();
    /** Whoever drains has either given all back, or is waited for. Taken last. */
    private final ReentrantLock draining = new ReentrantLock();

    private final AtomicLong mapped = new AtomicLong();
    private final AtomicInteger mappedCount = new AtomicInteger();

    PageSource(MemCall memCall, LockBudget budget, MemGuardOptions options) {
        this.memCall = memCall;
        this.budget = budget;
        this.account = budget.account();
        this.idle = new IdlePages(options.maxIdle());
        this.secretMemory = options.secretMemory();
        this.mappingReserve = options.mappingReserve();
    }

    MemCall memCall() {
        return memCall;
    }

    LockBudget budget() {
        return budget;
    }

    ProcessAccount account() {
        return account;
    }

    /** Regions that are mapped, in use or not. */
    int mappedCount() {
        return mappedCount.get();
    }

    int idleCount() {
        return idle.count();
    }

    long idleBytes() {
        return idle.bytes();
    }

    /**
     * Returns zeroed, readable and writable pages, locked unless the policy forgoes it.
     *
     * @param size bytes, whole pages
     * @throws MemoryLimitException if no more can be mapped, or locked and the policy requires the lock, also without all that
     *     is idle in the process or waits to be unmapped
     */
    GuardedPages take(int size) {
        GuardedPages reused = idle.take(size);
        if (reused != null) {
            return reused;
        }
        GuardedPages pages = mapWithinLimits(size);
        if (!pages.isLocked() && budget.policy() == LockPolicy.BEST_EFFORT && othersGaveWay(size)) {
            abandon(new Failures(), pages);
            return mapWithinLimits(size);
        }
        return pages;
    }

    /** Again whenever something came back meanwhile, also to another thread: who waits for a drain finds what it gave. */
    private GuardedPages mapWithinLimits(int size) {
        long before = account.returns();
        MemoryLimitException failure;
        try {
            return map(size);
        } catch (MemoryLimitException e) {
            failure = e;
        }
        for (Step step : Step.values()) {
            boolean locks = failure.kind() == Kind.LOCKED_BYTES;
            if (locks && isInVain(step, size, failure.limitBytes())) {
                continue;
            }
            account.giveWay(step, this, size, locks);
            long now = account.returns();
            if (now != before) {
                before = now;
                try {
                    return map(size);
                } catch (MemoryLimitException e) {
                    failure = e;
                }
            }
        }
        throw failure;
    }

    /** Whether nothing that is given up at a limit of locked bytes can help. */
    private boolean isInVain(Step step, int size, long limit) {
        boolean tooMuch = limit != MemoryLockLimit.UNLIMITED && size > limit;
        return tooMuch || (step.isOfOthers() && budget.isOwnLimitReached(size));
    }

    /** Where the lock is not required, what is idle gives way to it all the same. */
    private boolean othersGaveWay(int size) {
        long before = account.returns();
        for (Step step : Step.values()) {
            if (!isInVain(step, size, budget.knownLimitBytes())) {
                account.giveWay(step, this, size, true);
            }
        }
        return account.returns() != before;
    }

    private GuardedPages map(int size) {
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

    /** Takes wiped, accessible pages back for reuse, or unmaps them. */
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
        mappedCount.addAndGet(-regions);
        account.mappings().release(regions);
    }

    /** Not called for pages that were locked in vain: two who are refused would wake each other for ever. */
    private void cameBack(long lockedBytes) {
        budget.release(lockedBytes);
        account.returned();
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
                cameBack(pages.size());
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
     * As {@link #drain()}, for another session.
     *
     * @param lockedOnly whether what is not locked is of no use
     * @return at most how many bytes of idle pages were unmapped
     */
    long giveUpIdle(boolean lockedOnly) {
        if (lockedOnly && budget.policy() == LockPolicy.OFF) {
            return 0;
        }
        long bytes = idleBytes();
        return drain() == 0 ? 0 : bytes;
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
        List<GuardedPages> unused = idle.takeAll();
        for (GuardedPages pages = unwanted.poll(); pages != null; pages = unwanted.poll()) {
            unused.add(pages);
        }
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
        unmapped(unused.size() - failures.size());
        cameBack(counted.stream()
                .filter(pages -> !failures.containsKey(pages))
                .mapToLong(GuardedPages::size)
                .sum());
        return failures;
    }
}
