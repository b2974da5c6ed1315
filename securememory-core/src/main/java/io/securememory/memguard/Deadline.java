package io.securememory.memguard;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A moment until which one waits. Waits are not cut short by an interrupt, which is kept for later. */
final class Deadline {

    /** Far enough away, and near enough that the arithmetic of {@link System#nanoTime()} does not overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final long LOCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A wait that can be interrupted. */
    @FunctionalInterface
    private interface Wait {
        boolean until(long nanosLeft) throws InterruptedException;
    }

    private static final long FIRST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LAST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** The rest is of one thread. */
    private long end;

    private BooleanSupplier hopeless = () -> false;
    private long lookInterval = FIRST_LOOK_NANOS;
    private long nextLook;

    private Deadline(long end) {
        this.end = end;
        this.nextLook = end;
    }

    /** A deadline after any duration; more than a hundred years count as that. */
    static Deadline after(Duration duration) {
        Duration clamped = duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
        return new Deadline(System.nanoTime() + clamped.toNanos());
    }

    /**
     * Ends the waits of the current thread before the time is over if that changes nothing any more. This is looked at
     * seldom, and not at first.
     */
    void giveUpWhen(BooleanSupplier condition) {
        hopeless = condition;
        nextLook = System.nanoTime() + lookInterval;
    }

    /** What is left, or zero. */
    Duration rest() {
        return Duration.ofNanos(left());
    }

    private long left() {
        return Math.max(0, end - System.nanoTime());
    }

    /**
     * Takes a lock that is held for system calls only, and therefore waits a second at least: it takes longer only if its
     * holder died.
     *
     * @return whether the lock was taken
     */
    boolean lock(ReentrantLock lock) {
        return lock.tryLock() || wait(left -> lock.tryLock(Math.max(left, LOCK_NANOS), TimeUnit.NANOSECONDS));
    }

    /** Returns whether the permits were taken. */
    boolean acquire(Semaphore permits, int count) {
        return wait(left -> permits.tryAcquire(count, left, TimeUnit.NANOSECONDS));
    }

    /** Waits, with the condition's lock held, until something is so; returns whether it is. */
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

    /** Never zero, which would not let go of a lock. */
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
