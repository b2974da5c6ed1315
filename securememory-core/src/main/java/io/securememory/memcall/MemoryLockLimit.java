package io.securememory.memcall;

/**
 * How much memory the operating system lets this process lock.
 *
 * @param softBytes the limit that is enforced, or {@link #UNLIMITED}
 * @param hardBytes the highest value that the soft limit can be raised to, or {@link #UNLIMITED}
 * @param exempt whether the process is exempt from both, on Linux through CAP_IPC_LOCK in the initial user namespace
 */
public record MemoryLockLimit(long softBytes, long hardBytes, boolean exempt) {

    /** Stands for "no limit". */
    public static final long UNLIMITED = -1;

    /**
     * Returns the limit that applies to a call that locks memory.
     *
     * @return bytes, or {@link #UNLIMITED}
     */
    public long effectiveBytes() {
        return exempt ? UNLIMITED : softBytes;
    }
}
