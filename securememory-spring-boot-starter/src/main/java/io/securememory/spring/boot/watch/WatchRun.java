package io.securememory.spring.boot.watch;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;

/**
 * One run of the watch, from a start to a stop.
 *
 * <p>A clock thread only hands over the checks that are due. Each check is done by a thread of its own, which is then kept for
 * the next one. So a file, a reader or a listener that delays one check delays no other. There are rarely more than two
 * threads.
 *
 * <p>Only the stop ends the clock, and neither a failure nor an interruption. A check that cannot be handed over, because there
 * is no memory for a thread, is due again after its interval.
 */
final class WatchRun {

    /** Pause of the clock if nothing is due, or after a failure. */
    private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();

    /** How long an idle thread is kept for another check. */
    private static final long KEEP_SECONDS = 10;

    /** How long a check or a listener may take before this is logged. */
    private static final long LONG_NANOS = Duration.ofSeconds(30).toNanos();

    private static final Logger LOG = SecretWatch.LOG;

    private final List<Look> looks;
    private final ThreadPoolExecutor workers;

    /** All threads that are alive, and some that have ended. */
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Threads that currently notify listeners. */
    private final Set<Thread> listening = ConcurrentHashMap.newKeySet();

    private final Thread clock;
    private volatile boolean stopped;

    /** Written once, before {@code stopped}. */
    private volatile long stoppedAt;

    /** The check of one watched thing. Only the clock starts it. */
    static final class Look {

        private final Watched watched;
        private final long intervalNanos;

        /** Used by the clock only, as is the next field. */
        private long due = System.nanoTime();

        private boolean said;

        /**
         * When the running check began, or 0 if none is running. The next field is the same for the notification of listeners.
         */
        private volatile long looking;

        private volatile long telling;

        Look(Watched watched, Duration interval) {
            this.watched = watched;
            this.intervalNanos = interval.toNanos();
        }

        private void warnIfLong(long now) {
            long longest = Math.max(sinceOrZero(looking, now), sinceOrZero(telling, now));
            if (longest < LONG_NANOS) {
                said = false;
            } else if (!said) {
                said = true;
                LOG.warn(
                        "{} of {} has not returned for {} seconds. Everything else is still checked",
                        telling == 0 ? "The check of the files" : "A listener that was notified",
                        watched.title(),
                        TimeUnit.NANOSECONDS.toSeconds(longest));
            }
        }

        private static long sinceOrZero(long begin, long now) {
            return begin == 0 ? 0 : now - begin;
        }
    }

    /** @param looks the checks to run; more may be added later */
    WatchRun(List<Look> looks) {
        this.looks = looks;
        workers = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::newThread);
        clock = newThread(this::tick);
    }

    private Thread newThread(Runnable task) {
        Thread daemon = new Thread(task, SecretWatch.THREAD_NAME);
        daemon.setDaemon(true);
        threads.removeIf(thread -> !thread.isAlive());
        threads.add(daemon);
        return daemon;
    }

    void start() {
        clock.start();
    }

    boolean isAlive() {
        return clock.isAlive();
    }

    private void tick() {
        while (!stopped) {
            long rest = REST_NANOS;
            try {
                rest = handOver();
            } catch (Throwable e) {
                Thread.onSpinWait(); // There is no memory left even for a log message. The next turn tries again.
            }
            LockSupport.parkNanos(this, rest);
            Thread.interrupted(); // Clears a stray interruption, which would end every pause at once.
        }
    }

    /** Returns how long the clock can pause until the next check is due. */
    private long handOver() {
        long next = REST_NANOS;
        for (Look look : looks) {
            long now = System.nanoTime();
            if (look.due - now <= 0) {
                look.due = now + look.intervalNanos;
                handOver(look);
            }
            look.warnIfLong(now);
            next = Math.min(next, Math.max(0, look.due - now));
        }
        return next;
    }

    private void handOver(Look look) {
        if (look.looking != 0) {
            return;
        }
        look.looking = System.nanoTime() | 1;
        try {
            workers.execute(() -> work(look)); // From here on, the worker resets this when it is done.
        } catch (Throwable e) {
            look.looking = 0; // There is no thread, or no memory for it. The other checks still have their turn.
        }
    }

    private void work(Look look) {
        try {
            try {
                look.watched.look();
            } finally {
                look.looking = 0;
            }
            if (!stopped && look.telling == 0) {
                tell(look);
            }
        } catch (Throwable e) {
            Thread.onSpinWait(); // The failure was logged already, or there is no memory to log it. The next check
            // tries again.
        }
    }

    private void tell(Look look) {
        look.telling = System.nanoTime() | 1;
        listening.add(Thread.currentThread());
        try {
            look.watched.tell();
        } finally {
            listening.remove(Thread.currentThread());
            look.telling = 0;
        }
    }

    /** Starts no more checks. */
    void shutDown() {
        stoppedAt = System.nanoTime();
        stopped = true;
        LockSupport.unpark(clock);
        workers.shutdown();
    }

    /** Interrupts all threads that are at work. */
    void interrupt() {
        workers.shutdownNow();
    }

    /** Interrupts all threads that notify listeners, except the current one. Returns whether there were any. */
    boolean interruptListeners() {
        boolean any = false;
        for (Thread thread : listening) {
            if (thread != Thread.currentThread()) {
                thread.interrupt();
                any = true;
            }
        }
        return any;
    }

    /**
     * Waits for the end of all threads except the current one.
     *
     * @param sinceStop when the wait ends, counted from the stop, even if others have waited before
     * @return whether all have ended in time
     */
    boolean awaitEnd(Duration sinceStop) throws InterruptedException {
        return awaitEnd(sinceStop, thread -> true);
    }

    /** Does the same as {@link #awaitEnd(Duration)}, but does not wait for threads that notify listeners. */
    boolean awaitLooks(Duration sinceStop) throws InterruptedException {
        return awaitEnd(sinceStop, thread -> !listening.contains(thread));
    }

    private boolean awaitEnd(Duration sinceStop, Predicate<Thread> whom) throws InterruptedException {
        long end = stoppedAt + sinceStop.toNanos();
        join(
                clock, end,
                whom); // The clock comes first: the last thread that it has handed a check to may not have started yet.
        for (Thread thread : threads) {
            join(thread, end, whom);
        }
        return threads.stream().noneMatch(thread -> isAwaited(thread, whom));
    }

    private static void join(Thread thread, long end, Predicate<Thread> whom) throws InterruptedException {
        long left = end - System.nanoTime();
        if (isAwaited(thread, whom) && left > 0) {
            TimeUnit.NANOSECONDS.timedJoin(thread, left);
        }
    }

    private static boolean isAwaited(Thread thread, Predicate<Thread> whom) {
        return thread != Thread.currentThread() && thread.isAlive() && whom.test(thread);
    }
}
