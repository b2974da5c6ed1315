package io.securememory;

/**
 * A secret or a buffer was used after it was closed, or was wiped by a purge while it was being used.
 *
 * <p>When an action was running at the moment of a purge, the exception is thrown by the next use of its view, and at the
 * end of the action in place of its result, which may have been computed from wiped bytes.
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
