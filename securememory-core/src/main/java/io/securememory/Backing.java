package io.securememory;

/** Which kind of memory holds secrets. */
public enum Backing {
    /** The library chooses. At present that is anonymous memory. */
    AUTO,
    /** Anonymous memory, locked. Root can read it through the kernel. */
    ANONYMOUS,
    /**
     * Memory that even the kernel cannot read on behalf of another process, see memfd_secret(2). The machine cannot
     * hibernate while such memory is mapped. If the kernel does not offer or permit it, the session logs a warning
     * and uses anonymous memory.
     */
    MEMFD_SECRET
}
