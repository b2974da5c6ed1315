package io.securememory;

import org.jspecify.annotations.Nullable;

/**
 * Base class of the exceptions of this library. Unchecked.
 *
 * <p>Neither the message nor a field of a subclass ever contains a byte of a secret. Wrong arguments are reported by
 * {@link IllegalArgumentException}, {@link IndexOutOfBoundsException} and {@link NullPointerException}, and calls that
 * are not possible in the present state by {@link IllegalStateException}.
 */
public class SecureMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed and what to do about it
     */
    public SecureMemoryException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed and what to do about it
     * @param cause what made it fail, or null
     */
    public SecureMemoryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
