package io.securememory.memcall;

/** How the pages of a region may be accessed. */
public enum Protection {
    /** Neither read nor write. Any access ends the process. */
    NO_ACCESS,
    /** Read only. */
    READ_ONLY,
    /** Read and write; never execute. */
    READ_WRITE
}
