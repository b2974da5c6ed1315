package io.securememory.spring.boot;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one version of a declared secret. It has no content.
 *
 * @param number 1 for the first version since the application started, one more for each one after it
 * @param state what it is good for
 * @param since when it was read
 * @param until when its grace ends and it is wiped; null for the current version
 */
public record SecretVersion(
        long number, State state, Instant since, @Nullable Instant until) {

    /** What a version is good for. */
    public enum State {
        /** Whoever signs or logs in uses this one. */
        CURRENT,
        /** Another one has taken its place. Whoever verifies accepts it until its grace ends. */
        PREVIOUS,
        /** It is the current one, and cannot be read, because it was closed or a purge has wiped it. */
        WIPED
    }

    /**
     * Creates a description.
     *
     * @throws NullPointerException if the state or the first time is null
     */
    public SecretVersion {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(since, "since");
    }
}
