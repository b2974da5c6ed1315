package io.securememory;

import org.jspecify.annotations.Nullable;

/**
 * A secret could not be read from its file or stream.
 *
 * <p>Bytes that were read before the failure are wiped. The message names the source and never shows any of its
 * content.
 */
public final class SecretSourceException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /** What is wrong with a source. */
    public enum Reason {
        /** There is no such file. */
        MISSING,
        /** The source has no bytes. */
        EMPTY,
        /** The source has more bytes than the caller allows or a buffer can hold. */
        TOO_LARGE,
        /** The source ended before it had as many bytes as were asked for. */
        TRUNCATED,
        /** The source is there, but cannot be read: permissions, a directory, an input error. */
        UNREADABLE
    }

    /** What is wrong. */
    private final Reason reason;

    /** Name of the source. */
    private final String source;

    /**
     * Creates an exception for one source.
     *
     * @param reason what is wrong with it
     * @param source its name: the path of a file, or a word for a stream
     * @param detail a sentence on what was found and what is expected
     * @param cause the failure of the input, or null
     */
    public SecretSourceException(Reason reason, String source, String detail, @Nullable Throwable cause) {
        super("Cannot read a secret from " + source + ": " + detail, cause);
        this.reason = reason;
        this.source = source;
    }

    /**
     * Returns what is wrong with the source.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns the name of the source.
     *
     * @return the path of a file, or a word for a stream
     */
    public String source() {
        return source;
    }
}
