package io.securememory;

import org.jspecify.annotations.Nullable;

/** This machine cannot be used: its operating system or processor is not supported, or native code cannot be called. */
public final class UnsupportedPlatformException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is missing and what can be done
     * @param cause the exception of the failed attempt, or null
     */
    public UnsupportedPlatformException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
