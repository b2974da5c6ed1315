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
 * Looks at the files of secrets and of bundles, each at its interval, and knows the state of all of them.
 *
 * <p>It starts when all beans are there, so that no event is lost, and stops before the first of them is destroyed. It
 * depends on the secrets, so that it has also stopped before they are wiped if the context never came to be running.
 *
 * <p>A stop lasts for a second at most, so that a web server after it can begin its own. Listeners have that time to return, and
 * are interrupted then and not waited for. Looks at files are waited for before the secrets are wiped, at most for {@code
 * securememory.close-timeout} and five seconds after the stop. No thread is interrupted while it looks within its time, as that
 * would make a failure of every read. Should there
 * be no thread although there should be one, as when the system refused it, whoever asks for the state starts it.
 */
public final class SecretWatch implements SmartLifecycle, DisposableBean {

    /** Of the bean. Qualified, because secrets are beans too and their names are the user's to choose. */
    public static final String BEAN_NAME = "io.securememory.secretWatch";

    static final String THREAD_NAME = "securememory-secret-watch";

    static final Logger LOG = LoggerFactory.getLogger(SecretWatch.class);

    /** For all to end before the next phase of a shutdown, and for listeners at most. */
    private static final Duration BRIEF = Duration.ofSeconds(1);

    /** For a read of a file, beside the wait for readers. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<Watched> all = new CopyOnWriteArrayList<>();

    /** Of those that have an interval. */
    private final List<WatchRun.Look> looks = new CopyOnWriteArrayList<>();

    private final Supplier<List<WatchStatus>> others;

    /** Not zero, which would be for ever. */
    private final Duration stopTimeout;

    /** Guarded by this, as are the next two. */
    private boolean started;

    private @Nullable WatchRun run;

    /** The last one that was stopped. */
    private @Nullable WatchRun ending;

    /**
     * @param closeTimeout longest wait of a thread for the readers of an old secret
     */
    SecretWatch(Collection<? extends Watched> watched, Duration closeTimeout) {
        this(watched, List::of, closeTimeout);
    }

    /** @param others states of what is never looked at, beside those of what is */
    public SecretWatch(
            Collection<? extends Watched> watched, Supplier<List<WatchStatus>> others, Duration closeTimeout) {
        watched.forEach(this::add);
        this.others = others;
        stopTimeout = closeTimeout.plus(GRACE);
    }

    /** Watches one more. */
    public void add(Watched watched) {
        all.add(watched);
        Duration interval = watched.interval();
        if (interval != null) {
            looks.add(new WatchRun.Look(watched, interval));
        }
        startIfMissing();
    }

    /** All, those that are looked at on request only included. */
    List<Watched> watched() {
        return List.copyOf(all);
    }

    /** States of all, those that are looked at on request only included, and of what was wiped and cannot be looked at. */
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
                    "The files of secrets are not looked at, as the system has no thread for it; it is asked again", e);
        }
    }

    /** Waits outside the lock, which a listener that asks whether this is running would wait for. */
    @Override
    public void stop() {
        WatchRun last = shutDown();
        if (last != null) {
            await(last, false);
        }
    }

    /** The run that is ending, also for whoever stops this while another one is waiting for it. */
    private synchronized @Nullable WatchRun shutDown() {
        started = false;
        if (run != null) {
            run.shutDown();
            ending = run;
            run = null;
        }
        return ending;
    }

    /** A listener may close the context. It does not wait for itself. */
    private void await(WatchRun last, boolean looks) {
        try {
            if (!last.awaitEnd(BRIEF) && last.interruptListeners() && !looks) {
                LOG.warn(
                        "A listener that was told of a new secret does not return; it is interrupted, and not waited for");
            }
            if (looks && !last.awaitLooks(stopTimeout)) {
                LOG.warn("The watch over files of secrets does not end: a look at a file takes too long");
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
