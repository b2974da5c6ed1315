package io.securememory.spring.boot;

import io.securememory.SecureMemoryException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a secret that is declared under {@code securememory.secrets} cannot be loaded or reloaded.
 *
 * <p>What was read before the failure is wiped. The message names the secret, its property and its location. It never
 * shows the secret's content.
 */
public final class DeclaredSecretException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /** Stands for "no position". */
    private static final int NOWHERE = -1;

    /** The kinds of failure. */
    public enum Reason {
        /** The properties are not those of a secret, or contradict each other. */
        DECLARATION,
        /** Nothing exists at the location. */
        MISSING,
        /** The location holds no bytes, or nothing but a line break. */
        EMPTY,
        /** The location holds more bytes than a declared secret may have. */
        TOO_LARGE,
        /** The location is a directory. */
        DIRECTORY,
        /** The location cannot be read, for example because of its permissions or an input error. */
        UNREADABLE,
        /** The text is not in the declared encoding, or not in the format that its use requires. */
        MALFORMED,
        /** The source, which is no file, cannot be reached, does not answer in time, or has failed itself. */
        UNREACHABLE,
        /** The source, which is no file, refuses to give the secret, or cannot be trusted. */
        REFUSED,
        /** The file changed during every attempt to read it. */
        CHANGING,
        /** The memory for the secret cannot be locked. */
        MEMORY
    }

    /** The kind of failure. */
    private final Reason reason;

    /** What an operator can do. */
    private final String remedy;

    /** Offset of the first bad byte. */
    private final int position;

    /**
     * Creates an exception without a position.
     *
     * @param reason the kind of failure
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
     * Returns the kind of failure.
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
     * @return offset of the first bad byte, counted from 0, or the length of the text if it ends too early; empty for
     *     other reasons
     */
    public OptionalInt position() {
        return position == NOWHERE ? OptionalInt.empty() : OptionalInt.of(position);
    }
}
