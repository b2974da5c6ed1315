package io.securememory.spring.boot.watch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that follows files: a secret, or a bundle of a key and certificates.
 *
 * <p>The check of the files and the notification of listeners are two steps, so that a slow listener, or one that never
 * returns, delays no check.
 *
 * <p>Threading: all methods may be called by several threads at once.
 */
public interface Watched {

    /** Returns how messages call it, including its name. */
    String title();

    /** Returns the time between two checks, or null if it is checked on request only. */
    @Nullable
    Duration interval();

    /** Checks the files, and takes over their content. Problems are counted, reported once for each kind, and not thrown. */
    void look();

    /** Notifies listeners of what the checks have found. This may take long. */
    void tell();

    /** Returns what is known now. */
    WatchStatus status();

    /** Returns in words when the next check is. */
    static String again(@Nullable Duration interval) {
        if (interval == null) {
            return "on request only";
        }
        return "in " + (interval.toMillis() % 1000 == 0 ? interval.toSeconds() + "s" : interval.toMillis() + "ms");
    }
}
