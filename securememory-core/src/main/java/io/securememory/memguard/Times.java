package io.securememory.memguard;

import java.time.Duration;

/** Formats durations for messages. */
final class Times {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** More seconds than these are shown without fractions, which would overflow. */
    private static final long LONG = 1_000_000_000;

    private Times() {}

    /** Returns a text such as {@code 10 s} or {@code 300 ms}. */
    static String inWords(Duration time) {
        if (time.toNanosPart() == 0 || Math.abs(time.toSeconds() / 2) > LONG) {
            return time.toSeconds() + " s";
        }
        return time.toNanosPart() % NANOS_PER_MILLI == 0 ? time.toMillis() + " ms" : time.toNanos() + " ns";
    }
}
