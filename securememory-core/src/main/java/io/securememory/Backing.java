package io.securememory;

/** Which kind of memory holds secrets. */
public enum Backing {
    /** Chosen for the user: anonymous memory. */
    AUTO,
    /** Anonymous memory, locked. Readable by root through the kernel. */
    ANONYMOUS,
    /**
     * Memory that not even the kernel can read on another's behalf, see memfd_secret(2). Any mapping of it keeps the
     * machine from hibernating. Where the kernel has none, the session says so and uses anonymous memory.
     */
    MEMFD_SECRET
}
