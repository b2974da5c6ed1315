package io.securememory.memcall;

/** What the pages of a region may be used for. */
public enum Protection {
    /** Neither read nor write; any touch ends the process. */
    NO_ACCESS,
    /** Read only. */
    READ_ONLY,
    /** Read and write; never execute. */
    READ_WRITE
}
