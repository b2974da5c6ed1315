package io.securememory;

/** How a {@link Secret} rests between accesses. */
public enum Storage {
    /** Plaintext in pages of its own, locked and between guard pages, without any access at rest. */
    PROTECTED,
    /**
     * ChaCha20-Poly1305 ciphertext in ordinary memory, under the one key of the session, which is at rest in two halves in
     * locked pages. An access opens it into a guarded, locked window. For many secrets within a small lock limit.
     */
    SEALED
}
