package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Rekeys the coffers of one session at an interval, on one daemon thread.
 *
 * <p>The thread starts with the first coffer. It ends with the last one, or when the session was collected. Nothing
 * else ends it: failures of any kind are counted, and interruptions by other threads are ignored. If there is no thread
 * all the same, for example because the system refused one, the next call that seals or asks for the counts starts one.
 */
final class Rekeyer {

    /** Something whose key halves are replaced. */
    interface Target {
        void rekey();
    }

    private final Duration interval;
    private final List<Target> targets = new CopyOnWriteArrayList<>();
    private final LongAdder rekeys = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicBoolean failureLogged = new AtomicBoolean();
    private volatile long lastNanos;

    /** Written under this. */
    private volatile @Nullable Thread thread;

    Rekeyer(Duration interval) {
        this.interval = interval;
    }

    long rekeys() {
        return rekeys.sum();
    }

    /** Returns how often rekeying failed, so that a coffer kept its halves. */
    long failures() {
        return failures.get();
    }

    /** Returns the nanoseconds spent on rekeying all targets. */
    long nanos() {
        return nanos.sum();
    }

    /** Returns the milliseconds since a coffer was last rekeyed, or -1 if none was. */
    long ageMillis() {
        return rekeys() == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos);
    }

    synchronized void add(Target target) {
        targets.add(target);
        startIfMissing(); // Logs no failure, as the caller holds a lock. The next call that seals tries again and
        // logs it.
    }

    /** Starts the thread, if there is none and one is needed. */
    void ensureRunning() {
        Thread present = thread;
        if (!interval.isZero() && (present == null || !present.isAlive())) {
            Throwable failure = startIfMissing();
            if (failure != null) {
                log(failure); // Sealing does not depend on it.
            }
        }
    }

    /** Starts the thread, if there is none and one is needed. Returns the failure, or null. */
    private synchronized @Nullable Throwable startIfMissing() {
        if (interval.isZero() || targets.isEmpty() || (thread != null && thread.isAlive())) {
            return null;
        }
        try {
            Thread started = new Thread(new Task(new WeakReference<>(this), interval), "securememory-rekey");
            started.setDaemon(true);
            started.setContextClassLoader(null);
            started.start();
            thread = started;
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private void failed(Throwable failure) {
        failures.incrementAndGet();
        log(failure);
    }

    /** Logs the first failure. That may fail, too, if there is no memory for a message. */
    private void log(Throwable failure) {
        if (failureLogged.compareAndSet(false, true)) {
            try {
                LOG.warn(
                        "The key halves of sealed secrets could not be replaced; the old ones stay in use until they can",
                        failure);
            } catch (Throwable e) {
                failureLogged.set(false);
            }
        }
    }

    /**
     * Stops rekeying a coffer. With the last coffer the thread ends, and this waits for that: after a session was
     * closed, its thread no longer runs. The caller must hold no lock that rekeying needs.
     *
     * @param timeout longest wait; an interruption ends the wait, too
     */
    void remove(Target target, Duration timeout) {
        Thread ended = withdraw(target);
        if (ended == null || ended == Thread.currentThread()) {
            return;
        }
        ended.interrupt();
        try {
            TimeUnit.NANOSECONDS.timedJoin(ended, TimeUnit.NANOSECONDS.convert(timeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes a coffer. Returns the thread if no coffer is left. */
    private synchronized @Nullable Thread withdraw(Target target) {
        targets.remove(target);
        if (!targets.isEmpty()) {
            return null;
        }
        Thread idle = thread;
        thread = null;
        return idle;
    }

    private synchronized boolean isDriver(Thread candidate) {
        return thread == candidate;
    }

    private void rekeyAll() {
        for (Target target : targets) {
            long start = System.nanoTime();
            try {
                target.rekey();
                rekeys.increment();
            } catch (Throwable e) {
                failed(e); // Also an Error: there may be enough memory the next time.
            }
            lastNanos = System.nanoTime();
            nanos.add(lastNanos - start);
        }
    }

    /** What the thread runs. Refers to the rekeyer weakly, so that a session that was dropped can be collected. */
    private record Task(WeakReference<Rekeyer> target, Duration interval) implements Runnable {

        /** Whatever is thrown, also by code that handles a failure while the heap is full, does not end the thread. */
        @Override
        public void run() {
            boolean more = true;
            while (more) {
                try {
                    rest();
                    more = step();
                } catch (Throwable e) {
                    Thread.onSpinWait(); // The next step tries again, after the next rest.
                }
            }
        }

        /** Rekeys once. Returns false if the thread is to end. */
        private boolean step() {
            Rekeyer rekeyer = target.get();
            if (rekeyer == null || !rekeyer.isDriver(Thread.currentThread())) {
                return false;
            }
            try {
                rekeyer.rekeyAll();
            } catch (Throwable e) {
                rekeyer.failed(e);
            }
            return true;
        }

        /**
         * Waits for one interval. An interruption only ends the wait early: whether the thread is to end is checked
         * afterwards.
         */
        @SuppressWarnings("InterruptedExceptionSwallowed")
        private void rest() {
            try {
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
            } catch (InterruptedException | RuntimeException | Error e) {
                Thread.onSpinWait();
            }
        }
    }
}
