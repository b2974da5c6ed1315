package io.securememory;

/**
 * Sealed bytes could not be opened: they were changed in memory, or the key that they were sealed with was destroyed by a
 * purge.
 *
 * <p>Nothing of the plaintext, and nothing computed from the wrong bytes, is ever handed out.
 */
public final class DecryptionFailedException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message why they cannot be opened
     */
    public DecryptionFailedException(String message) {
        super(message);
    }
}
