package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.MemoryLimitException.Kind;
import io.securememory.memcall.MemoryLockLimit;
import io.securememory.memguard.ProcessAccount.Step;

/** Maps pages for one pool. At a limit it makes idle memory give way, one step after the other. */
final class RoomMaker {

    private final PagePool pool;
    private final ProcessAccount account;
    private final LockBudget budget;

    RoomMaker(PagePool pool, ProcessAccount account, LockBudget budget) {
        this.pool = pool;
        this.account = account;
        this.budget = budget;
    }

    /**
     * Maps pages. At a limit, makes idle memory give way and tries again each time that some came back, also if it came
     * back to another thread: a thread that waited for another one's drain then finds what that one gave back.
     */
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

    /** Whether a step cannot help at a limit of locked bytes. */
    private boolean isInVain(Step step, int size, long limit) {
        boolean tooMuch = limit != MemoryLockLimit.UNLIMITED && size > limit;
        return tooMuch || (step.isOfOthers() && budget.isOwnLimitReached(size));
    }

    /** Makes idle memory give way to a lock that the policy does not require. Returns whether anything came back. */
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
