package io.securememory.spring.boot.sources;

import io.securememory.spring.boot.DeclaredSecretException.Reason;
import org.jspecify.annotations.Nullable;

/** A source has no content now. No text in it has any of what the source has sent. */
public final class SourceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String remedy;
    private final boolean passing;

    private SourceException(Reason reason, String problem, String remedy, boolean passing, @Nullable Throwable cause) {
        super(problem, cause);
        this.reason = reason;
        this.remedy = remedy;
        this.passing = passing;
    }

    /**
     * Creates a failure that another attempt would not change.
     *
     * @param problem continues "cannot be loaded from ...: ", and ends with a full stop
     * @param remedy whole sentences on what to do
     */
    public static SourceException of(Reason reason, String problem, String remedy) {
        return new SourceException(reason, problem, remedy, false, null);
    }

    /** Creates such a failure with its cause. */
    public static SourceException of(Reason reason, String problem, String remedy, Throwable cause) {
        return new SourceException(reason, problem, remedy, false, cause);
    }

    /** Creates a failure that may be over soon, so that another attempt makes sense. */
    static SourceException passing(Reason reason, String problem, String remedy, @Nullable Throwable cause) {
        return new SourceException(reason, problem, remedy, true, cause);
    }

    /** Returns the same failure, with how often it was tried. */
    SourceException after(int attempts) {
        return attempts < 2
                ? this
                : new SourceException(
                        reason, problem() + " It was tried " + attempts + " times.", remedy, passing, getCause());
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns what is wrong, as the end of a sentence, and further sentences. */
    public String problem() {
        return String.valueOf(getMessage());
    }

    /** Returns what an operator can do, in whole sentences. */
    public String remedy() {
        return remedy;
    }

    /** Tells whether another attempt makes sense. */
    boolean isPassing() {
        return passing;
    }
}
