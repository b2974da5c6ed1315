package io.securememory;

/** How a {@link Secret} rests between accesses. */
public enum Storage {
    /** Plaintext in pages of its own, locked and between guard pages, without any access at rest. */
    PROTECTED
}
