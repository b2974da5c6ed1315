package io.securememory.memguard;

/** What happens with buffers that become unreachable while they are open, and with sessions that nobody closed. */
public enum LeakDetection {
    /**
     * Nothing: they stay until the session is purged or closed. Of a session that nobody can reach any more, the thread
     * ends; all else stays until {@code SecureMemory.purgeAll}.
     */
    OFF,
    /** They are wiped, released, counted and logged; one buffer in 64 with the stack of its creation. */
    SAMPLED,
    /** As {@link #SAMPLED}, each buffer with the stack of its creation, which costs time and memory. */
    ALWAYS
}
