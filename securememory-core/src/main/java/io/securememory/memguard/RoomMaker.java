package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.MemoryLimitException.Kind;
import io.securememory.memcall.MemoryLockLimit;
import io.securememory.memguard.ProcessAccount.Step;

/** Maps pages for one pool, and lets what is idle give way at a limit, one step after the other. */
final class RoomMaker {

    private final PagePool pool;
    private final ProcessAccount account;
    private final LockBudget budget;

    RoomMaker(PagePool pool, ProcessAccount account, LockBudget budget) {
        this.pool = pool;
        this.account = account;
        this.budget = budget;
    }

    /** Again whenever something came back meanwhile, also to another thread: who waits for a drain finds what it gave. */
    GuardedPages map(int size) {
        long before = account.returns();
        MemoryLimitException failure;
        try {
            return pool.map(size);
        } catch (MemoryLimitException e) {
            failure = e;
        }
        for (Step step : Step.values()) {
            boolean locks = failure.kind() == Kind.LOCKED_BYTES;
            if (locks && isInVain(step, size, failure.limitBytes())) {
                continue;
            }
            account.giveWay(step, pool, size, locks);
            long now = account.returns();
            if (now != before) {
                before = now;
                try {
                    return pool.map(size);
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
    boolean wasMade(int size) {
        long before = account.returns();
        for (Step step : Step.values()) {
            if (!isInVain(step, size, budget.knownLimitBytes())) {
                account.giveWay(step, pool, size, true);
            }
        }
        return account.returns() != before;
    }
}
