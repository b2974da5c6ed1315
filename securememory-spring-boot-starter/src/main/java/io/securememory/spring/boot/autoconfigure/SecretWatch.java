package io.securememory.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * One daemon thread that looks at the files of secrets, each at its interval.
 *
 * <p>It starts when all beans are there, so that no event is lost, and stops before the first of them is destroyed. It
 * depends on the secrets, so that it has also stopped before they are wiped if the context never came to be running.
 *
 * <p>The thread is never interrupted while it is at work within its time, as that would make a failure of every read.
 */
final class SecretWatch implements SmartLifecycle, DisposableBean {

    /** Of the bean; see {@link DeclaredSecrets#BEAN_NAME}. */
    static final String BEAN_NAME = "io.securememory.secretWatch";

    static final String THREAD_NAME = "securememory-secret-watch";

    private static final Logger LOG = LoggerFactory.getLogger(SecretWatch.class);

    /** For a read of a file, beside the wait for readers. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<SecretRotation> watched;

    /** Not zero, which would be for ever. */
    private final Duration stopTimeout;

    /** Guarded by this. */
    private @Nullable ScheduledThreadPoolExecutor executor;

    /** The last one that was stopped. Guarded by this. */
    private @Nullable ScheduledThreadPoolExecutor ending;

    /** The thread of the executor, or of the last one. Guarded by this. */
    private @Nullable Thread thread;

    /**
     * @param closeTimeout longest wait of the thread for the readers of an old secret
     */
    SecretWatch(Collection<SecretRotation> rotations, Duration closeTimeout) {
        watched = rotations.stream()
                .filter(rotation -> rotation.declaration().reloadInterval() != null)
                .toList();
        stopTimeout = closeTimeout.plus(GRACE);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A poll never throws.
    public synchronized void start() {
        if (executor != null || watched.isEmpty()) {
            return;
        }
        ScheduledThreadPoolExecutor started = new ScheduledThreadPoolExecutor(1, this::newThread);
        for (SecretRotation rotation : watched) {
            Duration interval = rotation.declaration().reloadInterval();
            if (interval != null) {
                started.scheduleWithFixedDelay(() -> look(rotation), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        executor = started;
    }

    /** What escaped would be the last look at this file: even without memory for a message there is a next one. */
    private static void look(SecretRotation rotation) {
        try {
            rotation.poll();
        } catch (Throwable e) {
            Thread.onSpinWait();
        }
    }

    private synchronized Thread newThread(Runnable task) {
        Thread daemon = new Thread(task, THREAD_NAME);
        daemon.setDaemon(true);
        thread = daemon;
        return daemon;
    }

    /** Waits outside the lock, which a listener that asks whether this is running would wait for. */
    @Override
    public void stop() {
        Thread last = shutDown();
        // A listener may close the context. It would wait for itself.
        if (last != null && last != Thread.currentThread()) {
            join(last);
        }
    }

    /** The thread that is ending, also for whoever stops this while another one is waiting for it. */
    private synchronized @Nullable Thread shutDown() {
        if (executor != null) {
            executor.shutdown();
            ending = executor;
            executor = null;
        }
        return thread;
    }

    private void join(Thread last) {
        try {
            last.join(stopTimeout.toMillis());
            if (last.isAlive()) {
                LOG.warn("The watch over files of secrets does not end: a file or a listener takes too long");
                interrupt();
            }
        } catch (InterruptedException e) {
            interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void interrupt() {
        if (ending != null) {
            ending.shutdownNow();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return executor != null;
    }

    @Override
    public void destroy() {
        stop();
    }
}
