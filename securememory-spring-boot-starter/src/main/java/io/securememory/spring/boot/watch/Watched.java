package io.securememory.spring.boot.watch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that follows files: a secret, or a bundle of a key and certificates.
 *
 * <p>A look and what it leads to are two steps, so that listeners who take their time, or never return, keep nobody from looking.
 *
 * <p>Threading: all methods may be called by several threads at once.
 */
public interface Watched {

    /** What messages call it, with its name. */
    String title();

    /** Time between two looks, or null if it is looked at on request only. */
    @Nullable
    Duration interval();

    /** Looks at the files, and takes what they hold. What goes wrong is counted, reported once for each kind, and not thrown. */
    void look();

    /** Tells those who are to know of what the looks have found. May take long. */
    void tell();

    /** What is known now. */
    WatchStatus status();

    /** When the next look is, in words. */
    static String again(@Nullable Duration interval) {
        if (interval == null) {
            return "on request only";
        }
        return "in " + (interval.toMillis() % 1000 == 0 ? interval.toSeconds() + "s" : interval.toMillis() + "ms");
    }
}
