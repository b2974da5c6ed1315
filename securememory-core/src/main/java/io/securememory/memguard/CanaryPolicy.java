package io.securememory.memguard;

/** What happens when an overwritten canary is found. The buffer itself is wiped and released in any case. */
public enum CanaryPolicy {
    /** The close or access that found it throws {@link io.securememory.CanaryViolationException}. */
    THROW,
    /** Everything that shares the lock limit is purged, then as {@link #THROW}. */
    PURGE,
    /** Everything that shares the lock limit is purged, then the virtual machine halts with status 134. */
    HALT
}
