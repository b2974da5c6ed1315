package io.securememory;

/**
 * A close waited for readers as long as it may, and some are still inside.
 *
 * <p>Nothing is lost: no new reader is admitted, and the last one to leave wipes and releases the memory.
 */
public final class CloseTimeoutException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message how long the close waited, in milliseconds, and for whom
     */
    public CloseTimeoutException(String message) {
        super(message);
    }
}
