package io.securememory.spring.boot.sources;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When a wait ends. */
final class Deadline {

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** Returns an earlier end: after half of what is left. */
    Deadline half() {
        return new Deadline(System.nanoTime() + nanosLeft() / 2);
    }

    /** Returns what is left, or 0. */
    long nanosLeft() {
        return Math.max(0, end - System.nanoTime());
    }

    /** Returns what is left, rounded up, or 0. */
    long millisLeft() {
        long nanos = nanosLeft();
        return nanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    boolean isOver() {
        return nanosLeft() == 0;
    }
}
