package io.securememory;

/**
 * Sealed bytes could not be opened: they were changed in memory. What a purge destroyed throws
 * {@link SecretClosedException}.
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
