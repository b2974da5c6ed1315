package io.securememory.spring.boot;

import io.securememory.SecureMemoryException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A secret that is declared under {@code securememory.secrets} cannot be had, or not anew.
 *
 * <p>What was read before the failure is wiped. The message names the secret, its property and its location, never what is
 * in it.
 */
public final class DeclaredSecretException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /** Position of a failure that has none. */
    private static final int NOWHERE = -1;

    /** What is wrong. */
    public enum Reason {
        /** The properties are not those of a secret, or contradict each other. */
        DECLARATION,
        /** There is nothing at the location. */
        MISSING,
        /** The location holds no bytes, or nothing but a line break. */
        EMPTY,
        /** The location holds more bytes than a declared secret may have. */
        TOO_LARGE,
        /** The location is a directory. */
        DIRECTORY,
        /** The location cannot be read: permissions, an input error. */
        UNREADABLE,
        /** The text is not in the encoding that was declared, or not in the format that its use needs. */
        MALFORMED,
        /** The file was written to each time while it was read. */
        CHANGING,
        /** The memory for the secret cannot be locked. */
        MEMORY
    }

    /** What is wrong. */
    private final Reason reason;

    /** What an operator can do. */
    private final String remedy;

    /** Offset of the first bad byte. */
    private final int position;

    /**
     * Creates an exception without a position.
     *
     * @param reason what is wrong
     * @param description whole sentences that name the secret and its property, never its text
     * @param remedy whole sentences on what to do
     * @param cause the failure behind this one, or null
     */
    public DeclaredSecretException(Reason reason, String description, String remedy, @Nullable Throwable cause) {
        super(description, cause);
        this.reason = reason;
        this.remedy = remedy;
        this.position = NOWHERE;
    }

    /**
     * Creates an exception for malformed text.
     *
     * @param description whole sentences that name the secret and its property, never its text
     * @param remedy whole sentences on what to do
     * @param position offset of the first bad byte
     */
    public DeclaredSecretException(String description, String remedy, int position) {
        super(description, null);
        this.reason = Reason.MALFORMED;
        this.remedy = remedy;
        this.position = position;
    }

    /**
     * Returns what is wrong.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns what an operator can do.
     *
     * @return whole sentences
     */
    public String remedy() {
        return remedy;
    }

    /**
     * Returns where the text is malformed.
     *
     * @return offset in bytes from 0 of the first bad byte, which is the length if the text ends too early; empty for other
     *     reasons
     */
    public OptionalInt position() {
        return position == NOWHERE ? OptionalInt.empty() : OptionalInt.of(position);
    }
}
