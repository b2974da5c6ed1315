package io.securememory.memguard;

/** What happens with buffers that become unreachable while they are open. */
public enum LeakDetection {
    /** Nothing: they stay until the session is purged or closed. */
    OFF,
    /** They are wiped, released, counted and logged; one in 64 with the stack of its creation. */
    SAMPLED,
    /** They are wiped, released, counted and logged, each with the stack of its creation, which costs time and memory. */
    ALWAYS
}
