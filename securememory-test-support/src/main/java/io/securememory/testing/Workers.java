package io.securememory.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads of one test. Closing this object interrupts them. It fails, and shows the threads of this JVM, if a thread
 * continues, because that thread would disturb later tests: it uses processor time, and may hold secrets.
 */
public final class Workers implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "test-worker-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    /** Starts a task in a thread of its own. Wait for it by {@link Await#result}. */
    public <T> Future<T> submit(Callable<T> task) {
        return threads.submit(task);
    }

    /** Starts a task in a thread of its own. */
    public Future<?> run(Runnable task) {
        return threads.submit(task);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(Await.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("a thread of the test goes on\n" + ThreadDumps.ofThisAndChildren());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the threads of the test", e);
        }
    }
}
