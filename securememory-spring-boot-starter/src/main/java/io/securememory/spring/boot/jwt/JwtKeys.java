package io.securememory.spring.boot.jwt;

import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that signs, and those before it that still verify.
 *
 * <p>Concurrency protocol: readers take one immutable state from a volatile field. Whoever finds that the source has another
 * version, or that the time of a former key is over, makes the next state under the lock of this object. A former key is
 * closed after it has left the state; a reader that still has it finds it closed.
 */
final class JwtKeys implements AutoCloseable {

    /** Each is locked memory if it is a secret key. */
    static final int MOST_FORMER = 16;

    private static final Logger LOG = LoggerFactory.getLogger(ProtectedJwt.class);
    private static final String THREAD_NAME = "securememory-jwt-keys";
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final String title;
    private final KeySource source;
    private final Duration grace;
    private final InstantSource clock;

    private volatile State state;

    /** Guarded by this object, as are the next two fields. */
    private boolean closed;

    private boolean warned;

    private @Nullable Thread waiting;

    /** A former key, and when it stops to verify. */
    private record Former(JwtKey key, Instant end) {}

    /**
     * What is known at some time.
     *
     * @param current the key of the version; null if it cannot be used
     * @param failure why it cannot be used, or null
     */
    private record State(
            @Nullable Object version,
            @Nullable JwtKey current,
            @Nullable SecureMemoryException failure,
            List<Former> former) {

        boolean isUpToDate(Object now, Instant time) {
            return version == now && former.stream().noneMatch(one -> isOver(one, time));
        }
    }

    private static boolean isOver(Former one, Instant time) {
        return !time.isBefore(one.end());
    }

    /**
     * Loads the first key.
     *
     * @param title how messages call the key
     * @param grace how long a key verifies after another one has taken its place
     * @throws SecureMemoryException if it cannot be used
     */
    JwtKeys(String title, KeySource source, Duration grace, InstantSource clock) {
        this.title = title;
        this.source = source;
        this.grace = grace;
        this.clock = clock;
        this.state = new State(null, null, null, List.of());
        SecureMemoryException failure = current().failure();
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Returns the key that signs.
     *
     * @throws SecureMemoryException if there is none
     */
    JwtKey signing() {
        State now = current();
        JwtKey key = now.current();
        if (key == null) {
            throw now.failure() == null ? closedException() : now.failure();
        }
        return key;
    }

    /**
     * Returns the keys that verify, the newest one first.
     *
     * @throws SecretClosedException if the source is closed
     */
    List<JwtKey> verifying() {
        State now = current();
        List<JwtKey> keys = new ArrayList<>();
        if (now.current() != null) {
            keys.add(now.current());
        }
        now.former().forEach(one -> keys.add(one.key()));
        return keys;
    }

    /** Takes notice of a new key, and closes keys whose time is over. */
    void refresh() {
        if (!source.isClosed()) {
            current();
        }
    }

    private State current() {
        if (source.isClosed()) {
            throw closedException();
        }
        State present = state;
        return present.isUpToDate(source.version(), clock.instant()) ? present : next();
    }

    private SecretClosedException closedException() {
        return new SecretClosedException("The " + title + " is closed or purged.");
    }

    private synchronized State next() {
        if (closed) {
            throw closedException();
        }
        Instant time = clock.instant();
        Object version = source.version();
        State present = state;
        if (!present.isUpToDate(version, time)) {
            State next = version == present.version() ? present : replaced(present, time);
            replaceBy(new State(next.version(), next.current(), next.failure(), kept(next.former(), time)));
        }
        return state;
    }

    /** Writes the new state before keys that are not in it are closed. */
    private void replaceBy(State next) {
        State old = state;
        state = next;
        old.former().stream().filter(one -> !next.former().contains(one)).forEach(one -> close(one.key()));
        JwtKey before = old.current();
        if (before != null
                && before != next.current()
                && next.former().stream().noneMatch(one -> one.key() == before)) {
            close(before);
        }
        awaitEnds();
    }

    private State replaced(State old, Instant time) {
        List<Former> former = new ArrayList<>();
        if (old.current() != null) {
            former.add(new Former(old.current(), time.plus(grace)));
        }
        former.addAll(old.former());
        while (true) {
            Object version = source.version();
            try {
                return new State(version, source.load(version), null, former);
            } catch (RuntimeException e) {
                if (source.isClosed()) {
                    throw e;
                }
                if (version != source.version()) {
                    continue; // It was replaced, and closed, while it was loaded.
                }
                if (e instanceof SecureMemoryException failure) {
                    return unusable(version, failure, former);
                }
                throw e;
            }
        }
    }

    private State unusable(Object version, SecureMemoryException failure, List<Former> former) {
        if (state.version() != null) {
            LOG.error(
                    "The {} was replaced by something that cannot sign: {} No token is signed until it is replaced again.{}",
                    title,
                    failure.getMessage(),
                    failure instanceof JwtKeyException known ? " " + known.remedy() : "");
        }
        // Anything else, such as a lack of memory, may pass: it is tried again.
        return new State(failure instanceof JwtKeyException ? version : null, null, failure, former);
    }

    private List<Former> kept(List<Former> former, Instant time) {
        List<Former> kept = former.stream().filter(one -> !isOver(one, time)).toList();
        if (kept.size() <= MOST_FORMER) {
            return kept;
        }
        if (!warned) {
            warned = true;
            LOG.warn(
                    "The {} was replaced so often that tokens of its oldest keys are refused before their grace time ends;"
                            + " at most {} former keys are kept",
                    title,
                    MOST_FORMER);
        }
        return kept.subList(0, MOST_FORMER);
    }

    /** Starts a thread that closes former keys in time, for as long as there are any. */
    private void awaitEnds() {
        if (waiting != null || state.former().isEmpty()) {
            return;
        }
        try {
            Thread thread = new Thread(this::closeFormerKeys, THREAD_NAME);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
            waiting = thread;
        } catch (OutOfMemoryError e) {
            LOG.warn("Former keys of the {} are closed late, because the system refused to start a thread", title, e);
        }
    }

    private synchronized void closeFormerKeys() {
        try {
            while (!closed && !state.former().isEmpty()) {
                Instant end = state.former().get(state.former().size() - 1).end();
                long millis = Duration.between(clock.instant(), end).toMillis() + 1;
                wait(Math.max(1, Math.min(millis, LONGEST_WAIT.toMillis())));
                State present = state;
                if (!closed) {
                    replaceBy(new State(
                            present.version(),
                            present.current(),
                            present.failure(),
                            kept(present.former(), clock.instant())));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting = null;
        }
    }

    private void close(JwtKey key) {
        try {
            key.close();
        } catch (RuntimeException e) {
            LOG.error("A former key of the {} could not be closed cleanly", title, e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        replaceBy(new State(null, null, null, List.of()));
        notifyAll();
    }
}
