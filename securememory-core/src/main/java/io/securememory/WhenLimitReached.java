package io.securememory;

/** What happens when a secret of storage {@link Storage#PROTECTED} cannot be locked or mapped, as a limit is reached. */
public enum WhenLimitReached {
    /** The secret is stored {@link Storage#SEALED}, which takes no locked page and no mapping of its own; counted as degraded. */
    SEAL,
    /** The request fails with {@link MemoryLimitException}. */
    FAIL
}
