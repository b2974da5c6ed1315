package io.securememory;

/**
 * The canary beside the data of a buffer was overwritten: something wrote outside its bounds.
 *
 * <p>The buffer was wiped and released all the same. Treat the process as compromised.
 */
public final class CanaryViolationException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message which check failed
     */
    public CanaryViolationException(String message) {
        super(message);
    }
}
