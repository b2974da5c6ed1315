package io.securememory;

/** What happens when a secret of storage {@link Storage#PROTECTED} cannot be locked, as the limit is reached. */
public enum WhenLimitReached {
    /** The secret is stored {@link Storage#SEALED}, which takes no locked page of its own; counted as degraded. */
    SEAL,
    /** The request fails with {@link MemoryLimitException}. */
    FAIL
}
