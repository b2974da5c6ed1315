package io.securememory.spring.boot.autoconfigure.ssl;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells when something that failed is tried again. The pauses grow, and there are only a few tries, because each try affects
 * others.
 */
final class RetryPauses {

    private static final Duration FIRST = Duration.ofSeconds(1);

    /** Each pause is so many times as long as the one before. */
    private static final int GROWTH = 4;

    /** So many tries take about six minutes. */
    private static final int MAX_TRIES = 6;

    private final InstantSource clock;

    /** Guarded by this object, as is the next field. */
    private int failures;

    private @Nullable Instant due;

    RetryPauses(InstantSource clock) {
        this.clock = clock;
    }

    synchronized boolean isDue() {
        return failures < MAX_TRIES && (due == null || !clock.instant().isBefore(due));
    }

    /** Notes a failure. Returns the pause until the next try, or null if there is no further automatic try. */
    synchronized @Nullable Duration failed() {
        failures++;
        if (failures >= MAX_TRIES) {
            return null;
        }
        Duration pause = FIRST.multipliedBy((long) Math.pow(GROWTH, failures - 1.0));
        due = clock.instant().plus(pause);
        return pause;
    }

    /** Starts from the beginning, because there is something new to try, or because someone asked for it. */
    synchronized void reset() {
        failures = 0;
        due = null;
    }
}
