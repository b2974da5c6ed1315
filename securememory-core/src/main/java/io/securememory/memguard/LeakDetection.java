package io.securememory.memguard;

/**
 * What happens to buffers that become unreachable while they are open, and to sessions that were dropped without a
 * close.
 */
public enum LeakDetection {
    /**
     * Nothing: buffers stay until the session is purged or closed. If a session becomes unreachable, only its thread
     * ends; its memory stays until {@code SecureMemory.purgeAll}.
     */
    OFF,
    /**
     * They are wiped, released, counted and logged. For one buffer in 64, the log shows the stack trace of its
     * creation.
     */
    SAMPLED,
    /**
     * They are wiped, released, counted and logged. For each buffer, the log shows the stack trace of its creation,
     * which costs time and memory.
     */
    ALWAYS
}
