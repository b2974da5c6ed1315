package io.securememory;

import org.jspecify.annotations.Nullable;

/**
 * Base of every exception that this library throws for reasons of its own.
 *
 * <p>Unchecked. Neither the message nor any field of a subclass ever holds a byte of a secret. Bad arguments are
 * reported by the JDK's own {@link IllegalArgumentException}, {@link IndexOutOfBoundsException} and
 * {@link NullPointerException}, and a call at the wrong time by {@link IllegalStateException}.
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
