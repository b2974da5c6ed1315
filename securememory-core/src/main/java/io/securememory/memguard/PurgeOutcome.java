package io.securememory.memguard;

/** What became of one region in a purge. */
enum PurgeOutcome {
    /** Wiped. Its pages are unmapped at the end of the purge. */
    WIPED,
    /** Wiped while a thread was inside. The last thread to leave releases it. */
    DEFERRED,
    /** Not wiped. A later close or purge tries again. */
    FAILED,
    /** A thread is inside, and the purge has to wait for it. */
    BUSY,
    /** Released before the purge came to it. */
    GONE
}
