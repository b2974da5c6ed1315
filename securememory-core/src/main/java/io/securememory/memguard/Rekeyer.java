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
 * <p>The thread starts with the first coffer and ends with the last one, or when the session is garbage. Nothing else ends
 * it: neither a failure of any kind, which is counted, nor an interruption by others. Should there be none all the same, as
 * when the system refuses a thread, the next one who seals or asks for the counts starts it.
 */
final class Rekeyer {

    /** What is rekeyed. */
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

    /** How often a coffer kept its halves because rekeying failed. */
    long failures() {
        return failures.get();
    }

    /** Time spent on rekeying, of all targets. */
    long nanos() {
        return nanos.sum();
    }

    /** Milliseconds since a coffer was rekeyed, or -1. */
    long ageMillis() {
        return rekeys() == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos);
    }

    synchronized void add(Target target) {
        targets.add(target);
        startIfMissing(); // Under a lock of the caller's, so without a message; whoever seals next tries again and has
        // one.
    }

    /** Starts the thread if there is none and there should be one. */
    void ensureRunning() {
        Thread present = thread;
        if (!interval.isZero() && (present == null || !present.isAlive())) {
            Throwable failure = startIfMissing();
            if (failure != null) {
                log(failure); // Sealing does not depend on it.
            }
        }
    }

    /** Returns what it failed with, or null. */
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

    /** Says so once. That may fail as well, when there is no memory for a message. */
    private void log(Throwable failure) {
        if (failureLogged.compareAndSet(false, true)) {
            try {
                LOG.warn(
                        "The key of sealed secrets could not be split anew; the old halves stay until it can", failure);
            } catch (Throwable e) {
                failureLogged.set(false);
            }
        }
    }

    /**
     * Rekeys a coffer no more. With the last one the thread ends, and is waited for: who has closed a session finds no
     * thread of it any more. No lock may be held that rekeying needs.
     *
     * @param timeout longest wait, which an interruption ends, too
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

    /** Returns the thread if nothing is left for it. */
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
                failed(e); // Also an Error: what there is no memory for now there may be at the next time.
            }
            lastNanos = System.nanoTime();
            nanos.add(lastNanos - start);
        }
    }

    /** What the thread runs. Refers to the session weakly, so that a forgotten one can become garbage. */
    private record Task(WeakReference<Rekeyer> target, Duration interval) implements Runnable {

        @Override
        public void run() {
            do {
                rest();
            } while (step());
        }

        /** Whether there is more to do. */
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

        /** An interruption makes it shorter, and means nothing else: who has no more work for this thread says so. */
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
