package io.securememory;

/**
 * What happens when a secret of storage {@link Storage#PROTECTED} cannot be locked or mapped because a limit is
 * reached.
 */
public enum WhenLimitReached {
    /**
     * The secret is stored as {@link Storage#SEALED}, which takes no locked page and no mapping of its own. It is
     * counted as degraded.
     */
    SEAL,
    /** The request fails with {@link MemoryLimitException}. */
    FAIL
}
