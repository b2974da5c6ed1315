package io.securememory.memguard;

/** What became of one region in a purge. */
enum PurgeOutcome {
    /** Wiped, and given to who unmaps. */
    WIPED,
    /** Wiped while someone was inside, who releases it on the way out. */
    DEFERRED,
    /** Not wiped, or wiped and not released; a later close or purge tries again. */
    FAILED,
    /** Someone is inside, who must be waited for. */
    BUSY,
    /** Released before the purge came to it. */
    GONE
}
