package io.securememory.memguard;

/** What happens when a canary is found to be overwritten. The buffer itself is wiped and released in any case. */
public enum CanaryPolicy {
    /** The close or access that found it throws {@link io.securememory.CanaryViolationException}. */
    THROW,
    /** Everything in the session is purged. Then the close or access throws, as for {@link #THROW}. */
    PURGE,
    /** Everything in the session is purged. Then the JVM halts with status 134. */
    HALT
}
