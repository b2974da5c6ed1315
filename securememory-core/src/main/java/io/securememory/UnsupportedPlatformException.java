package io.securememory;

import org.jspecify.annotations.Nullable;

/** The operating system, the processor or the way to call native code is not supported on this machine. */
public final class UnsupportedPlatformException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is missing and what can be done
     * @param cause what the attempt failed with, or null
     */
    public UnsupportedPlatformException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
