package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemoryLockLimit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the locked pages of one session against its own limit, and those of all sessions against the operating system's.
 */
final class LockBudget {

    private final MemCall memCall;
    private final LockPolicy policy;
    private final long ownLimit;
    private final ProcessAccount account;
    private final AtomicLong locked = new AtomicLong();

    /** The operating system's limit as last read. Reading it takes longer than all the rest of a reservation. */
    private volatile long systemLimit;

    /** @param ownLimit the limit of the session in bytes, or {@link MemoryLockLimit#UNLIMITED} */
    LockBudget(MemCall memCall, LockPolicy policy, long ownLimit) {
        this.memCall = memCall;
        this.policy = policy;
        this.ownLimit = ownLimit;
        this.account = ProcessAccount.of(memCall);
        this.systemLimit = memCall.lockLimit().effectiveBytes();
    }

    LockPolicy policy() {
        return policy;
    }

    ProcessAccount account() {
        return account;
    }

    /**
     * Reserves a share of the limit.
     *
     * @return whether the pages are to be locked; false if the policy is off, or if it is best-effort and the limit is
     *     reached
     * @throws MemoryLimitException if the limit is reached and the policy requires the lock
     */
    boolean reserve(long bytes) {
        if (policy == LockPolicy.OFF) {
            return false;
        }
        if (tryReserve(bytes)) {
            return true;
        }
        long limit = limitBytes();
        if (tryReserve(bytes)) {
            return true;
        }
        if (policy == LockPolicy.BEST_EFFORT) {
            return false;
        }
        throw isOwnLimitReached(bytes)
                ? refusal(bytes, lockedBytes(), limit)
                : refusal(bytes, account.locked().get(), systemLimit);
    }

    private MemoryLimitException refusal(long bytes, long lockedBytes, long limit) {
        return MemoryLimitException.ofLock(bytes, lockedBytes, limit, 0, memCall.lockLimitRemedy());
    }

    private boolean tryReserve(long bytes) {
        if (!tryAdd(locked, bytes, ownLimit)) {
            return false;
        }
        if (tryAdd(account.locked(), bytes, systemLimit)) {
            return true;
        }
        locked.addAndGet(-bytes);
        return false;
    }

    private static boolean tryAdd(AtomicLong total, long bytes, long limit) {
        while (true) {
            long used = total.get();
            if (limit != MemoryLockLimit.UNLIMITED && bytes > limit - used) {
                return false;
            }
            if (total.compareAndSet(used, used + bytes)) {
                return true;
            }
        }
    }

    void release(long bytes) {
        locked.addAndGet(-bytes);
        account.locked().addAndGet(-bytes);
    }

    /** Whether this number of bytes could be locked now, without idle memory giving way. */
    boolean hasRoom(long bytes) {
        return policy == LockPolicy.OFF
                || (!isOwnLimitReached(bytes)
                        && (systemLimit == MemoryLockLimit.UNLIMITED
                                || bytes <= systemLimit - account.locked().get()));
    }

    /** Whether the session's own limit is reached, so that memory of other sessions would not help. */
    boolean isOwnLimitReached(long bytes) {
        return ownLimit != MemoryLockLimit.UNLIMITED && bytes > ownLimit - locked.get();
    }

    long lockedBytes() {
        return locked.get();
    }

    /** The smaller of both limits, read anew, or {@link MemoryLockLimit#UNLIMITED}. */
    long limitBytes() {
        systemLimit = memCall.lockLimit().effectiveBytes();
        return knownLimitBytes();
    }

    /** The smaller of both limits as last read, or {@link MemoryLockLimit#UNLIMITED}. */
    long knownLimitBytes() {
        long system = systemLimit;
        if (system == MemoryLockLimit.UNLIMITED) {
            return ownLimit;
        }
        return ownLimit == MemoryLockLimit.UNLIMITED ? system : Math.min(system, ownLimit);
    }
}
