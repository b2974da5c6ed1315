package io.securememory.spring.boot.autoconfigure;

import io.securememory.ProtectionReport;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last report of what this machine protects. To try that takes some milliseconds and the kernel's list of all mappings, and
 * its outcome hardly ever changes: so it is tried once, and again on request. One that is not complete may be so for a moment only,
 * and is tried again after a minute.
 *
 * <p>Threading: safe. Threads that ask at the same time are served by one trial.
 */
public final class ProtectionCheck {

    private static final long KEEP_INCOMPLETE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Supplier<ProtectionReport> trial;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Outcome last;

    /**
     * What a trial has found.
     *
     * @param begun in nanoseconds of the clock
     */
    private record Outcome(ProtectionReport report, long begun) {}

    /**
     * The last report.
     *
     * @param report what it says
     * @param ageMillis milliseconds since it was made
     */
    public record Checked(ProtectionReport report, long ageMillis) {}

    ProtectionCheck(Supplier<ProtectionReport> trial, LongSupplier nanoTime) {
        this.trial = trial;
        this.nanoTime = nanoTime;
    }

    /**
     * Shows the last report; the first caller makes it.
     *
     * @return the report, and how old it is
     */
    public Checked last() {
        Outcome present = last;
        long now = nanoTime.getAsLong();
        if (present != null && !present.report().isComplete() && now - present.begun() > KEEP_INCOMPLETE_NANOS) {
            return checked(afterwards(now));
        }
        return checked(present != null ? present : afterwards(Long.MIN_VALUE));
    }

    /**
     * Makes another report, unless one is made by another thread that was begun no earlier than now.
     *
     * @return the report, and how old it is
     */
    public Checked renewed() {
        return checked(afterwards(nanoTime.getAsLong()));
    }

    private Outcome afterwards(long asked) {
        lock.lock();
        try {
            Outcome present = last;
            if (present != null && (asked == Long.MIN_VALUE || present.begun() - asked > 0)) {
                return present;
            }
            long begun = nanoTime.getAsLong();
            Outcome made = new Outcome(trial.get(), begun);
            last = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    private Checked checked(Outcome outcome) {
        return new Checked(outcome.report(), TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - outcome.begun()));
    }
}
