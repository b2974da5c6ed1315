package io.securememory.memguard;

/** What happens when memory cannot be locked. */
public enum LockPolicy {
    /**
     * The request fails: with {@link io.securememory.MemoryLimitException} at the limit, and with {@link
     * io.securememory.MemoryCallException} if something else refuses, such as a seccomp profile.
     */
    REQUIRE,
    /** The memory stays unlocked and may be swapped; counted as degraded and logged once. */
    BEST_EFFORT,
    /** Nothing is locked. */
    OFF
}
