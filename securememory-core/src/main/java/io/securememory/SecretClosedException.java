package io.securememory;

/**
 * A secret or a buffer was used after it was closed, or a purge wiped it while it was in use.
 *
 * <p>If an action was running during a purge, the next use of its view throws this exception, and so does the end of
 * the action. The result of the action is discarded, as it may have been computed from wiped bytes.
 */
public final class SecretClosedException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was closed
     */
    public SecretClosedException(String message) {
        super(message);
    }
}
