package io.securememory.credentials;

import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Requests of several threads, one after the other, until it is closed. */
final class Load implements AutoCloseable {

    private static final int THREADS = 3;

    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final AtomicLong done = new AtomicLong();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final Workers workers = new Workers();
    private final List<Future<?>> tasks = new ArrayList<>();

    private Load() {}

    static Load of(Callable<?> request) {
        Load load = new Load();
        for (int i = 0; i < THREADS; i++) {
            load.tasks.add(load.workers.run(() -> load.run(request)));
        }
        return load;
    }

    private void run(Callable<?> request) {
        while (goesOn.get()) {
            try {
                request.call();
                done.incrementAndGet();
            } catch (Exception e) {
                failures.add(e);
            }
        }
    }

    /** Returns when there were some more requests. */
    void awaitMore(int requests) {
        long begin = done.get();
        Await.until(requests + " more requests", () -> done.get() + failures.size() >= begin + requests);
    }

    long done() {
        return done.get();
    }

    List<Exception> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        goesOn.set(false);
        try {
            for (Future<?> task : tasks) {
                Await.result(task);
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            workers.close();
        }
    }
}
