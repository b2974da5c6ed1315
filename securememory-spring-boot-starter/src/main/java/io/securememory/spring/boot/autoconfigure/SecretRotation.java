package io.securememory.spring.boot.autoconfigure;

import io.securememory.CloseTimeoutException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.spring.boot.DeclaredSecretException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the content of one secret when its file has another one. A failure leaves the old content in use.
 *
 * <p>Threading: one reload at a time; the lock is not held while the old content waits for its readers, nor while listeners
 * run.
 */
final class SecretRotation {

    private static final Logger LOG = LoggerFactory.getLogger(SecretRotation.class);

    /** Most failures that are logged in a row, should each be another one. */
    private static final int MAX_LOGGED = 20;

    private final SecretDeclaration declaration;
    private final Path file;
    private final SecretLoader loader;
    private final RotationAnnouncer announcer;
    private final RotatingSecret secret;

    private final ReentrantLock lock = new ReentrantLock();

    /** What the file looked like before it was last read; null if a look at it proves nothing. Guarded by the lock. */
    private @Nullable FileStamp known;

    /** Guarded by the lock. */
    private final Set<String> loggedFailures = new HashSet<>();

    private final LongAdder rotations = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /**
     * Loads a secret for the first time.
     *
     * @throws DeclaredSecretException if that fails
     */
    SecretRotation(SecretDeclaration declaration, Path file, SecretLoader loader, RotationAnnouncer announcer) {
        this.declaration = declaration;
        this.file = file;
        this.loader = loader;
        this.announcer = announcer;
        FileStamp before = conclusiveStamp();
        this.secret = new RotatingSecret(loader.load(declaration));
        this.known = before;
    }

    SecretDeclaration declaration() {
        return declaration;
    }

    Secret secret() {
        return secret;
    }

    long rotations() {
        return rotations.sum();
    }

    long failures() {
        return failures.sum();
    }

    /** Null if the file may be written to again without a trace, or cannot be looked at: then it has to be read. */
    private @Nullable FileStamp conclusiveStamp() {
        FileStamp stamp = FileStamp.orNull(file);
        return stamp != null && stamp.isConclusive() ? stamp : null;
    }

    /** Reloads if the file looks changed. Logs a failure unless it was logged before, and never throws. */
    void poll() {
        try {
            if (mayHaveChanged()) {
                reload();
            }
        } catch (DeclaredSecretException e) {
            if (isNew(e)) {
                LOG.warn(
                        "{} Its old content stays in use, and the file is read again in {}. {}",
                        e.getMessage(),
                        declaration.reloadInterval(),
                        e.remedy());
            }
        } catch (RuntimeException | Error e) {
            if (isNew(e)) {
                LOG.error("The secret '{}' cannot be read anew; its old content stays in use", declaration.name(), e);
            }
        }
    }

    private boolean mayHaveChanged() {
        lock.lock();
        try {
            return known == null || !known.equals(FileStamp.orNull(file));
        } finally {
            lock.unlock();
        }
    }

    private boolean isNew(Throwable failure) {
        lock.lock();
        try {
            return loggedFailures.size() < MAX_LOGGED && loggedFailures.add(failure.toString());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads the file, and replaces the content if it is another one.
     *
     * @return whether it was
     * @throws DeclaredSecretException if the file cannot be had; the old content stays in use
     */
    boolean reload() {
        Secret old = replaced();
        if (old == null) {
            return false;
        }
        close(old);
        LOG.info("The secret '{}' has new content from {}", declaration.name(), declaration.location());
        announcer.announce(declaration.name());
        return true;
    }

    /** The version that was replaced, or null if the file has the same content. */
    private @Nullable Secret replaced() {
        lock.lock();
        try {
            FileStamp before = conclusiveStamp();
            requireRegular();
            Secret next = loader.load(declaration);
            Secret unused = isSame(next) ? next : secret.replace(next);
            known = before;
            loggedFailures.clear();
            if (unused == next) { // The same as before, or the secret was closed for good.
                next.close();
                return null;
            }
            rotations.increment();
            return unused;
        } catch (RuntimeException | Error e) {
            failures.increment();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** A pipe has given its bytes, and would block the watch over all secrets. */
    private void requireRegular() {
        FileStamp stamp = FileStamp.orNull(file);
        if (stamp != null && !stamp.regular() && !declaration.location().isDirectory()) {
            throw SecretFailures.notRegular(declaration);
        }
    }

    /** Compares in constant time. A purge has wiped the old content: then the file's is new. */
    private boolean isSame(Secret next) {
        try {
            return secret.contentEquals(next);
        } catch (SecretClosedException e) {
            return false;
        } catch (RuntimeException | Error e) {
            next.close();
            throw e;
        }
    }

    private void close(Secret old) {
        try {
            old.close();
        } catch (CloseTimeoutException e) {
            LOG.warn("The old content of the secret '{}' is still being read: {}", declaration.name(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The old content of the secret '{}' could not be closed cleanly", declaration.name(), e);
        }
    }
}
