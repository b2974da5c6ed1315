package io.securememory.spring.boot.autoconfigure.credentials;

import io.securememory.SecretClosedException;
import io.securememory.spring.boot.credentials.PasswordListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a pool replace its connections after a rotation, as soon as the database has taken the newest version of the password, and
 * not before: a password that the database does not know must not cost the connections that are open.
 *
 * <p>Tries connections until then, beside all requests, with pauses of half a second to half a minute.
 *
 * <p><b>Threading.</b> Safe for use by several threads. A thread of its own makes the tries, and exists only while there is
 * something to try.
 */
final class JdbcDrain implements PasswordListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcDrain.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final PasswordListener next;
    private final Runnable replacement;

    /** How often the password was rotated. */
    private final AtomicLong rotations = new AtomicLong();

    /** The rotation after which the connections were replaced last. Only the thread of the tries reads and writes it. */
    private long replaced;

    /** Makes the tries. Nobody else's connections count: they may have been opened before the last rotation. */
    private volatile @Nullable Thread trial;

    /** Whether the database has taken the newest version in this try. Only the thread of the tries reads and writes it. */
    private boolean taken;

    private final ScheduledThreadPoolExecutor executor = executor();

    /**
     * Does nothing until the first rotation.
     *
     * @param next hears the same
     * @param replacement replaces the connections when nobody uses them
     */
    JdbcDrain(PasswordListener next, Runnable replacement) {
        this.next = next;
        this.replacement = replacement;
    }

    private static ScheduledThreadPoolExecutor executor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "securememory-password-trial");
            thread.setDaemon(true);
            thread.setContextClassLoader(JdbcDrain.class.getClassLoader());
            return thread;
        });
        executor.setKeepAliveTime(1, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * To be called after each rotation.
     *
     * @param source opens a connection with the newest version if the database takes it
     */
    void begin(DataSource source) {
        rotations.incrementAndGet();
        executor.getQueue().clear(); // The pauses begin anew.
        schedule(source, Duration.ZERO);
    }

    private void schedule(DataSource source, Duration pause) {
        try {
            Future<?> unused = executor.schedule(() -> run(source, pause), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("No connection is tried, because the application context is closed", e);
        }
    }

    private void run(DataSource source, Duration pause) {
        long rotation = rotations.get();
        if (rotation == replaced) {
            return;
        }
        trial = Thread.currentThread();
        taken = false;
        try (Connection connection = source.getConnection()) {
            LOG.debug("The database has opened {}", connection);
        } catch (SQLException | SecretClosedException e) {
            LOG.debug("The database has not opened a connection", e);
        } catch (RuntimeException | Error e) {
            LOG.error("No connection could be tried after the rotation of a password", e);
        }
        trial = null;
        if (taken && rotation == rotations.get()) {
            replaced = rotation;
            replacement.run();
        } else if (executor.getQueue().isEmpty()) { // Otherwise it was rotated again meanwhile.
            Duration longer = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
            schedule(source, longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE);
        }
    }

    @Override
    public void accepted() {
        next.accepted();
        if (Thread.currentThread() == trial) {
            taken = true;
        }
    }

    @Override
    public void refused(boolean olderAccepted) {
        next.refused(olderAccepted);
    }

    /** Ends the tries. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
