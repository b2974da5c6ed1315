package io.securememory.spring.boot.watch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The status of one secret or bundle and its files.
 *
 * @param kind {@code secret}, {@code bundle} or {@code credential}
 * @param name its name
 * @param watched whether its files are checked at an interval, not only on request
 * @param since when the state began
 * @param lastGood time of the last check at which the content in use was that of the files, or null if there was none
 * @param age time since then, or null
 * @param failures number of checks since the start whose content could not be used
 * @param problem a sentence that says what is wrong and names the files, or null
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

    /** The kind of a declared secret. */
    public static final String SECRET = "secret";

    /** The kind of a secret that a server is handed as a password. */
    public static final String CREDENTIAL = "credential";

    /** The kind of an SSL bundle. */
    public static final String BUNDLE = "bundle";
}
