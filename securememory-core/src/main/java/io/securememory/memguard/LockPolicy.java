package io.securememory.memguard;

/** What happens when memory cannot be locked. */
public enum LockPolicy {
    /**
     * The request fails: with {@link io.securememory.MemoryLimitException} at the limit, and with {@link
     * io.securememory.MemoryCallException} if the lock is refused for another reason, for example by a seccomp profile.
     */
    REQUIRE,
    /**
     * The memory stays unlocked and may be swapped. It is counted as degraded, and a warning is logged once for each
     * session.
     */
    BEST_EFFORT,
    /** Nothing is locked. */
    OFF
}
