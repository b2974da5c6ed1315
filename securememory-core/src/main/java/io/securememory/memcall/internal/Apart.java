package io.securememory.memcall.internal;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs what must not see the calling thread: neither its class loader, as it may be one of a container's, nor its interrupts,
 * nor how much stack is left.
 */
public final class Apart {

    /** Loading takes milliseconds, unless a file that is read for it hangs. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Apart() {}

    /**
     * Gets a value in a thread of its own, which ends with it. An interrupt is kept until then.
     *
     * @param <T> the value
     * @param supplier makes the value
     * @return the value
     * @throws RuntimeException if the supplier throws it, likewise an Error
     * @throws IllegalStateException if there is no value after half a minute
     */
    public static <T> T get(Supplier<T> supplier) {
        FutureTask<T> task = new FutureTask<>(supplier::get);
        Thread thread = new Thread(null, task, "securememory-bind", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // Threads that libraries and Java start in it inherit that.
        thread.start();
        boolean interrupted = false;
        long begin = System.nanoTime();
        try {
            while (true) {
                try {
                    return task.get(begin + LONGEST.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("A library did not load within " + LONGEST.toSeconds() + " seconds.", e);
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }
}
