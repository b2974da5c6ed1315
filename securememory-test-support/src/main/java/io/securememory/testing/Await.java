package io.securememory.testing;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for other threads and processes. Each wait ends. After {@link #LIMIT}, or when the waiting thread is
 * interrupted, it fails; the failure after the limit shows the threads of this JVM and of its child processes.
 */
public final class Await {

    /**
     * Much longer than any step takes on a busy machine, and shorter than the time limit of a test. The system property
     * {@code tests.wait-limit} sets another one in seconds, for machines that are emulated.
     */
    public static final Duration LIMIT = Duration.ofSeconds(Long.getLong("tests.wait-limit", 45));

    /**
     * Interval between two checks. It is doubled each time, because a check may be costly and slow down what is waited
     * for.
     */
    private static final long FIRST_INTERVAL_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long LONGEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private Await() {}

    /** Returns when the condition holds. */
    public static void until(String what, Callable<Boolean> condition) {
        value(what, () -> condition.call() ? Optional.of(true) : Optional.empty());
    }

    /** Returns the value as soon as the source has one. */
    public static <T> T value(String what, Callable<Optional<T>> source) {
        return value(what, LIMIT, source);
    }

    /** Returns the value as soon as the source has one, within the given limit. */
    public static <T> T value(String what, Duration limit, Callable<Optional<T>> source) {
        long end = System.nanoTime() + limit.toNanos();
        long interval = FIRST_INTERVAL_NANOS;
        while (true) {
            Optional<T> value = call(what, source);
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() - end > 0) {
                throw inVain(what, limit);
            }
            LockSupport.parkNanos(interval);
            interval = Math.min(2 * interval, LONGEST_INTERVAL_NANOS);
            if (Thread.interrupted()) {
                throw interrupted(what, new InterruptedException());
            }
        }
    }

    private static <T> Optional<T> call(String what, Callable<Optional<T>> source) {
        try {
            return source.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the wait for " + what + " failed", e);
        }
    }

    /**
     * Repeats garbage collections until the condition holds, which may depend on cleaners and references. Old objects,
     * which young collections do not reach, are collected, too.
     */
    public static void collected(String what, Callable<Boolean> condition) {
        until(what, () -> {
            if (condition.call()) {
                return true;
            }
            System.gc();
            return condition.call();
        });
    }

    /** Returns when the latch is open. */
    public static void open(String what, CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw inVain(what, LIMIT);
            }
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    /** Returns the next element. */
    public static <T> T next(String what, BlockingQueue<T> queue) {
        try {
            T next = queue.poll(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw inVain(what, LIMIT);
            }
            return next;
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    /** Returns when the thread has ended. */
    public static void end(Thread thread) {
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            throw interrupted("the end of " + thread.getName(), e);
        }
        if (thread.isAlive()) {
            throw inVain("the end of " + thread.getName(), LIMIT);
        }
    }

    /** Returns the task's result, or throws its exception, wrapped as by {@link Future#get()}. */
    public static <T> T result(Future<T> future) throws java.util.concurrent.ExecutionException {
        try {
            return future.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw inVain("the result of a task", LIMIT);
        } catch (InterruptedException e) {
            throw interrupted("the result of a task", e);
        }
    }

    private static AssertionError inVain(String what, Duration limit) {
        return new AssertionError(
                "waited " + limit.toMillis() + " ms in vain for " + what + "\n" + ThreadDumps.ofThisAndChildren());
    }

    private static AssertionError interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting for " + what, e);
    }
}
