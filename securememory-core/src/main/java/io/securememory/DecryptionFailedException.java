package io.securememory;

/**
 * Sealed bytes could not be opened: they were changed in memory. Or an encrypted message or file could not be decrypted:
 * it was changed, or its key is another one. If a purge destroyed the key instead, {@link SecretClosedException} is
 * thrown.
 *
 * <p>The caller never gets any part of the plaintext, or anything computed from the changed bytes.
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
