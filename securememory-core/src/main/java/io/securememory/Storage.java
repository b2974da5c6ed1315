package io.securememory;

/** How a {@link Secret} is stored between accesses. */
public enum Storage {
    /**
     * Plaintext in separate pages, which are locked and lie between guard pages. Between accesses the pages can be
     * neither read nor written.
     */
    PROTECTED,
    /**
     * ChaCha20-Poly1305 ciphertext in ordinary memory. All sealed secrets of a session have one key, which is kept in
     * two halves in locked pages. An access decrypts the secret into a guarded, locked window, which is wiped
     * afterwards. For many secrets within a small lock limit.
     */
    SEALED
}
