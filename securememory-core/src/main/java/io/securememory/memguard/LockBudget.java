package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemoryLockLimit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the locked pages of one session against its own limit and the operating system's. */
final class LockBudget {

    private final MemCall memCall;
    private final LockPolicy policy;
    private final long ownLimit;
    private final AtomicLong locked = new AtomicLong();

    /** As last read; reading it takes longer than everything else about a reservation. */
    private volatile long knownLimit;

    /**
     * @param ownLimit bytes, or {@link MemoryLockLimit#UNLIMITED}
     */
    LockBudget(MemCall memCall, LockPolicy policy, long ownLimit) {
        this.memCall = memCall;
        this.policy = policy;
        this.ownLimit = ownLimit;
        this.knownLimit = smallerLimit();
    }

    LockPolicy policy() {
        return policy;
    }

    /**
     * Takes a share of the limit.
     *
     * @return whether the pages are to be locked; false if the policy forgoes it
     * @throws MemoryLimitException if the limit is reached and the policy requires the lock
     */
    boolean reserve(long bytes) {
        if (policy == LockPolicy.OFF) {
            return false;
        }
        if (tryReserve(bytes, knownLimit)) {
            return true;
        }
        long limit = limitBytes();
        if (tryReserve(bytes, limit)) {
            return true;
        }
        if (policy == LockPolicy.BEST_EFFORT) {
            return false;
        }
        throw new MemoryLimitException(bytes, lockedBytes(), limit, 0);
    }

    private boolean tryReserve(long bytes, long limit) {
        while (true) {
            long used = locked.get();
            if (limit != MemoryLockLimit.UNLIMITED && bytes > limit - used) {
                return false;
            }
            if (locked.compareAndSet(used, used + bytes)) {
                return true;
            }
        }
    }

    void release(long bytes) {
        locked.addAndGet(-bytes);
    }

    long lockedBytes() {
        return locked.get();
    }

    /** The smaller of both limits, read anew, or {@link MemoryLockLimit#UNLIMITED}. */
    long limitBytes() {
        knownLimit = smallerLimit();
        return knownLimit;
    }

    private long smallerLimit() {
        long system = memCall.lockLimit().effectiveBytes();
        if (system == MemoryLockLimit.UNLIMITED) {
            return ownLimit;
        }
        return ownLimit == MemoryLockLimit.UNLIMITED ? system : Math.min(system, ownLimit);
    }
}
