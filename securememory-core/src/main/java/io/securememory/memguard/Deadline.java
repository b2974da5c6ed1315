package io.securememory.memguard;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A time limit for waits. An interruption does not end a wait; the thread stays interrupted. */
final class Deadline {

    /** Longest wait. Small enough that computations with {@link System#nanoTime()} do not overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final long LOCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A wait that can be interrupted. */
    @FunctionalInterface
    private interface Wait {
        boolean until(long nanosLeft) throws InterruptedException;
    }

    private static final long FIRST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LAST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** This field and those below are used by one thread only. */
    private long end;

    private BooleanSupplier hopeless = () -> false;
    private long lookInterval = FIRST_LOOK_NANOS;
    private long nextLook;

    private Deadline(long end) {
        this.end = end;
        this.nextLook = end;
    }

    /** Returns the deadline after a duration. Longer durations than a hundred years count as a hundred years. */
    static Deadline after(Duration duration) {
        Duration clamped = duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
        return new Deadline(System.nanoTime() + clamped.toNanos());
    }

    /**
     * Sets a condition under which waiting is useless: it ends the waits of the current thread early. It is checked
     * seldom, and not at first.
     */
    void giveUpWhen(BooleanSupplier condition) {
        hopeless = condition;
        nextLook = System.nanoTime() + lookInterval;
    }

    /** Returns the time that is left, or zero. */
    Duration rest() {
        return Duration.ofNanos(left());
    }

    private long left() {
        return Math.max(0, end - System.nanoTime());
    }

    /**
     * Takes a lock that is held for system calls only. Waits for at least a second, even after the deadline: it takes
     * longer only if the thread that holds the lock died.
     *
     * @return whether the lock was taken
     */
    boolean lock(ReentrantLock lock) {
        return lock.tryLock() || wait(left -> lock.tryLock(Math.max(left, LOCK_NANOS), TimeUnit.NANOSECONDS));
    }

    /** Takes permits. Returns whether they were taken in time. */
    boolean acquire(Semaphore permits, int count) {
        return wait(left -> permits.tryAcquire(count, left, TimeUnit.NANOSECONDS));
    }

    /** Waits until something is true. The caller holds the lock of the condition. Returns whether it is true. */
    boolean await(Condition changed, BooleanSupplier reached) {
        return wait(left -> {
            long remaining = left;
            while (!reached.getAsBoolean()) {
                if (remaining <= 0) {
                    return false;
                }
                changed.awaitNanos(Math.min(remaining, untilLook()));
                remaining = leftAfterLook();
            }
            return true;
        });
    }

    /** Never zero: a wait for zero time would not release the lock. */
    private long untilLook() {
        return Math.max(1, nextLook - System.nanoTime());
    }

    private long leftAfterLook() {
        long now = System.nanoTime();
        if (now - nextLook >= 0) {
            if (hopeless.getAsBoolean()) {
                end = now;
            }
            lookInterval = Math.min(2 * lookInterval, LAST_LOOK_NANOS);
            nextLook = now + lookInterval;
        }
        return left();
    }

    private boolean wait(Wait wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.until(left());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
