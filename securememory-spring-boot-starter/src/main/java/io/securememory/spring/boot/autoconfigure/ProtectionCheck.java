package io.securememory.spring.boot.autoconfigure;

import io.securememory.ProtectionReport;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last report of which protections are in force on this machine. A check takes some milliseconds and reads
 * the kernel's list of all mappings, and its result hardly ever changes. So the check runs once, and again on request.
 * An incomplete report may be caused by a temporary condition, so it is renewed if it is older than a minute.
 *
 * <p>Threading: safe. Threads that ask at the same time share one check.
 */
public final class ProtectionCheck {

    private static final long KEEP_INCOMPLETE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Supplier<ProtectionReport> trial;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Outcome last;

    /**
     * The result of a check.
     *
     * @param begun when the check began, in nanoseconds of the clock
     */
    private record Outcome(ProtectionReport report, long begun) {}

    /**
     * A report and its age.
     *
     * @param report the report
     * @param ageMillis milliseconds since the check began
     */
    public record Checked(ProtectionReport report, long ageMillis) {}

    ProtectionCheck(Supplier<ProtectionReport> trial, LongSupplier nanoTime) {
        this.trial = trial;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns the last report. Runs the check if there is no report yet, or if an incomplete one is too old.
     *
     * @return the report and its age
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
     * Runs the check again. If another thread begins a check after this call, its report is returned instead.
     *
     * @return the report and its age
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
