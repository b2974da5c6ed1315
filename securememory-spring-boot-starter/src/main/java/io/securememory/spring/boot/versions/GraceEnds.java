package io.securememory.spring.boot.versions;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the grace of replaced versions in time. One thread does this for all secrets of a context, and exists only while there
 * is something to wait for.
 *
 * <p>Threading: safe for use by several threads.
 */
public final class GraceEnds implements AutoCloseable {

    public static final String THREAD_NAME = "securememory-grace";

    private static final Logger LOG = LoggerFactory.getLogger(GraceEnds.class);

    /** The clock may be set while this waits. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final InstantSource clock;

    /** Guarded by this object, as are the next two fields. */
    private final PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparing(End::time));

    private boolean closed;

    private @Nullable Thread thread;

    private record End(Instant time, Runnable action) {}

    public GraceEnds(InstantSource clock) {
        this.clock = clock;
    }

    /** Runs an action at some time, by another thread, unless this object is closed before. */
    public synchronized void add(Instant time, Runnable action) {
        if (closed) {
            return;
        }
        ends.add(new End(time, action));
        notifyAll();
        if (thread == null) {
            start();
        }
    }

    private void start() {
        try {
            Thread next = new Thread(this::run, THREAD_NAME);
            next.setDaemon(true);
            next.setContextClassLoader(null);
            next.start();
            thread = next;
        } catch (OutOfMemoryError e) {
            LOG.warn(
                    "Old versions of secrets are wiped late, because the system refused to start a thread; the next rotation"
                            + " tries again",
                    e);
        }
    }

    private void run() {
        try {
            for (Runnable due = next(); due != null; due = next()) {
                runOne(due);
            }
        } catch (InterruptedException e) {
            LOG.warn(
                    "The thread that wipes old versions of secrets was interrupted; the next rotation starts another one");
        }
    }

    private static void runOne(Runnable due) {
        try {
            due.run();
        } catch (Throwable e) {
            LOG.error("The grace of an old version of a secret could not be ended cleanly", e);
        }
    }

    /** Waits for the next end, and returns its action; null if there is no other one. */
    private synchronized @Nullable Runnable next() throws InterruptedException {
        boolean waiting = true;
        try {
            while (!closed && !ends.isEmpty()) {
                Instant now = clock.instant();
                Instant time = ends.element().time();
                if (!now.isBefore(time)) {
                    waiting = false;
                    return ends.remove().action();
                }
                wait(Math.min(Duration.between(now, time).toMillis() + 1, LONGEST_WAIT.toMillis()));
            }
            return null;
        } finally {
            if (waiting) {
                thread = null;
            }
        }
    }

    /** Forgets all actions. The session wipes what they would have wiped. */
    @Override
    public synchronized void close() {
        closed = true;
        ends.clear();
        notifyAll();
    }
}
