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
 * <p>A clock thread does nothing but to hand over those looks that are due; each is done by a thread of its own, which is kept
 * for the next one. So a file, a reader or a listener that holds one of them up holds up none of the others. There are
 * rarely more than two threads.
 *
 * <p>Nothing ends the clock but the stop: neither a failure of any kind nor an interruption. What cannot be handed over, as there is
 * no memory for a thread, is due again at its next interval.
 */
final class WatchRun {

    /** Without anything due, or when something failed. */
    private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();

    /** How long a thread waits for another look. */
    private static final long KEEP_SECONDS = 10;

    /** How long a look or a listener may take before it is said. */
    private static final long LONG_NANOS = Duration.ofSeconds(30).toNanos();

    private static final Logger LOG = SecretWatch.LOG;

    private final List<Look> looks;
    private final ThreadPoolExecutor workers;

    /** All that are alive, and some that are not any more. */
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Those that tell listeners. */
    private final Set<Thread> listening = ConcurrentHashMap.newKeySet();

    private final Thread clock;
    private volatile boolean stopped;

    /** Written once, before the stop. */
    private volatile long stoppedAt;

    /** One of what is watched. Its look is begun by the clock alone. */
    static final class Look {

        private final Watched watched;
        private final long intervalNanos;

        /** Only the clock's, as is the next one. */
        private long due = System.nanoTime();

        private boolean said;

        /** When the thread began that is at it, or 0; as is the next one for what a look led to. */
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
                        "{} of {} has not returned for {} seconds. Others are looked at all the same",
                        telling == 0 ? "A look at the files" : "A listener that was told",
                        watched.title(),
                        TimeUnit.NANOSECONDS.toSeconds(longest));
            }
        }

        private static long sinceOrZero(long begin, long now) {
            return begin == 0 ? 0 : now - begin;
        }
    }

    /** @param looks those that are watched, to which more may come */
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
                Thread.onSpinWait(); // Nothing is left to say it with; there is a next turn.
            }
            LockSupport.parkNanos(this, rest);
            Thread.interrupted(); // By nobody who has a right to; it would make each rest end at once.
        }
    }

    /** Returns how long nothing more is due. */
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
            workers.execute(() -> work(look)); // From here on the worker says when it is done.
        } catch (Throwable e) {
            look.looking = 0; // No thread, or no memory for it. The others have their turn all the same.
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
            Thread.onSpinWait(); // What was to be said was said, or there is no memory for it; there is a next look.
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

    /** Begins no look any more. */
    void shutDown() {
        stoppedAt = System.nanoTime();
        stopped = true;
        LockSupport.unpark(clock);
        workers.shutdown();
    }

    /** Interrupts those who are at work. */
    void interrupt() {
        workers.shutdownNow();
    }

    /** Interrupts those who tell listeners, but for the current thread. Returns whether there are any. */
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
     * Waits for the end of all threads but the current one.
     *
     * @param sinceStop how long after the stop the wait ends, whoever has waited before
     * @return whether they have ended in time
     */
    boolean awaitEnd(Duration sinceStop) throws InterruptedException {
        return awaitEnd(sinceStop, thread -> true);
    }

    /** The same, without those that tell listeners. */
    boolean awaitLooks(Duration sinceStop) throws InterruptedException {
        return awaitEnd(sinceStop, thread -> !listening.contains(thread));
    }

    private boolean awaitEnd(Duration sinceStop, Predicate<Thread> whom) throws InterruptedException {
        long end = stoppedAt + sinceStop.toNanos();
        join(clock, end, whom); // First: the last thread that it hands a look to may not have begun.
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
