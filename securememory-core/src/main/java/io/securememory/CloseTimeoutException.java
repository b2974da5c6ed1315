package io.securememory;

/**
 * A close has waited for the whole close timeout, and some readers or a writer are still inside.
 *
 * <p>The close still takes effect: no new reader or writer is admitted, and the last one to leave wipes and releases
 * the memory.
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
