package io.securememory.spring.boot.watch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one secret or bundle and its files.
 *
 * @param kind {@code secret} or {@code bundle}
 * @param name which one
 * @param watched whether it is looked at by itself, and not only on request
 * @param since when the state began
 * @param lastGood when what is in use was last seen to be what the files hold, or null if it never was
 * @param age of that moment, or null
 * @param failures looks that found what could not be taken, since the start
 * @param problem what is wrong, in a sentence that names the files, or null
 */
public record WatchStatus(
        String kind,
        String name,
        boolean watched,
        WatchState state,
        Instant since,
        @Nullable Instant lastGood,
        @Nullable Duration age,
        long failures,
        @Nullable String problem) {

    /** The kind of what is one secret. */
    public static final String SECRET = "secret";

    /** The kind of what is made of several files. */
    public static final String BUNDLE = "bundle";
}
