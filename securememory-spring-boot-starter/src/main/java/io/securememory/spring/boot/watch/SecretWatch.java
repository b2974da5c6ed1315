package io.securememory.spring.boot.watch;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Checks the files of secrets and of bundles, each at its interval, and knows the state of all of them.
 *
 * <p>It starts when all beans exist, so that no event is lost, and stops before the first bean is destroyed. Its bean depends
 * on the secrets. So it also stops before they are wiped if the context fails to start.
 *
 * <p>A stop takes at most one second, so that it does not delay the shutdown of a web server that follows. Listeners have this
 * second to return. Then they are interrupted and not waited for.
 *
 * <p>Before the secrets are wiped, running checks of files are waited for, at most for {@code securememory.close-timeout} plus
 * five seconds after the stop. No check is interrupted within this time, because an interruption makes the read of a file fail.
 *
 * <p>If the system refuses to start the thread, the next request for the state tries again.
 */
public final class SecretWatch implements SmartLifecycle, DisposableBean {

    /** Name of the bean. It is qualified, because secrets are beans, too, and users choose their names. */
    public static final String BEAN_NAME = "io.securememory.secretWatch";

    static final String THREAD_NAME = "securememory-secret-watch";

    static final Logger LOG = LoggerFactory.getLogger(SecretWatch.class);

    /** Longest wait for all threads before the next phase of a shutdown. Listeners have no more time than this. */
    private static final Duration BRIEF = Duration.ofSeconds(1);

    /** Time for reading a file, in addition to the wait for readers of a secret. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<Watched> all = new CopyOnWriteArrayList<>();

    /** Checks of everything that has an interval. */
    private final List<WatchRun.Look> looks = new CopyOnWriteArrayList<>();

    private final Supplier<List<WatchStatus>> others;

    /** Never zero. */
    private final Duration stopTimeout;

    /** Guarded by this object, as are the next two fields. */
    private boolean started;

    private @Nullable WatchRun run;

    /** The run that was stopped last. */
    private @Nullable WatchRun ending;

    /**
     * @param closeTimeout longest time that a thread waits for the readers of an old secret
     */
    SecretWatch(Collection<? extends Watched> watched, Duration closeTimeout) {
        this(watched, List::of, closeTimeout);
    }

    /** @param others supplies further states, of what is never checked */
    public SecretWatch(
            Collection<? extends Watched> watched, Supplier<List<WatchStatus>> others, Duration closeTimeout) {
        watched.forEach(this::add);
        this.others = others;
        stopTimeout = closeTimeout.plus(GRACE);
    }

    /** Adds something to watch. */
    public void add(Watched watched) {
        all.add(watched);
        Duration interval = watched.interval();
        if (interval != null) {
            looks.add(new WatchRun.Look(watched, interval));
        }
        startIfMissing();
    }

    /** Returns everything that is watched, including what is checked on request only. */
    List<Watched> watched() {
        return List.copyOf(all);
    }

    /**
     * Returns the states of everything, including what is checked on request only, and what was wiped and cannot be checked.
     */
    public List<WatchStatus> statuses() {
        startIfMissing();
        return Stream.concat(all.stream().map(Watched::status), others.get().stream())
                .toList();
    }

    @Override
    public synchronized void start() {
        started = true;
        startIfMissing();
    }

    private synchronized void startIfMissing() {
        if (!started || looks.isEmpty() || (run != null && run.isAlive())) {
            return;
        }
        try {
            WatchRun next = new WatchRun(looks);
            next.start();
            run = next;
        } catch (Throwable e) {
            LOG.warn(
                    "The files of secrets are not checked, because the system refused to start a thread; this is tried again",
                    e);
        }
    }

    /** Waits without holding the lock: otherwise, a listener that calls {@link #isRunning()} would wait for it. */
    @Override
    public void stop() {
        WatchRun last = shutDown();
        if (last != null) {
            await(last, false);
        }
    }

    /** Returns the run that is ending, also to a caller that stops this while another one already waits for that run. */
    private synchronized @Nullable WatchRun shutDown() {
        started = false;
        if (run != null) {
            run.shutDown();
            ending = run;
            run = null;
        }
        return ending;
    }

    /** Waits for the end of a run. A listener may close the context; it does not wait for itself. */
    private void await(WatchRun last, boolean looks) {
        try {
            if (!last.awaitEnd(BRIEF) && last.interruptListeners() && !looks) {
                LOG.warn(
                        "A listener that was notified of a new secret does not return; it is interrupted and not waited for");
            }
            if (looks && !last.awaitLooks(stopTimeout)) {
                LOG.warn("The watch over files of secrets does not end: the check of a file takes too long");
                last.interrupt();
            }
        } catch (InterruptedException e) {
            last.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return run != null;
    }

    @Override
    public void destroy() {
        WatchRun last = shutDown();
        if (last != null) {
            await(last, true);
        }
    }
}
