package io.securememory.spring.boot.autoconfigure.ssl;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Tells when something that failed is tried again: after growing pauses, and a few times only, since each try costs others. */
final class RetryPauses {

    private static final Duration FIRST = Duration.ofSeconds(1);

    /** Each pause is so many times the one before. */
    private static final int GROWTH = 4;

    /** In about six minutes. */
    private static final int MAX_TRIES = 6;

    private final InstantSource clock;

    /** Guarded by this, as is the next one. */
    private int failures;

    private @Nullable Instant due;

    RetryPauses(InstantSource clock) {
        this.clock = clock;
    }

    synchronized boolean isDue() {
        return failures < MAX_TRIES && (due == null || !clock.instant().isBefore(due));
    }

    /** Notes a failure. Returns the pause after it, or null if it is not tried again by itself. */
    synchronized @Nullable Duration failed() {
        failures++;
        if (failures >= MAX_TRIES) {
            return null;
        }
        Duration pause = FIRST.multipliedBy((long) Math.pow(GROWTH, failures - 1.0));
        due = clock.instant().plus(pause);
        return pause;
    }

    /** There is something else to try, or somebody who asks for it. */
    synchronized void reset() {
        failures = 0;
        due = null;
    }
}
