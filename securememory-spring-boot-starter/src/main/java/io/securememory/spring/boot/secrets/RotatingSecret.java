package io.securememory.spring.boot.secrets;

import io.securememory.HeapBytesFunction;
import io.securememory.HeapCharsFunction;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.SecretKeyFunction;
import io.securememory.Storage;
import io.securememory.VersionedSecret;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A secret that is the same object while the bytes behind it are replaced.
 *
 * <p>Concurrency protocol: the current version is a volatile reference, which is replaced before the old version is
 * closed. An access uses one version from beginning to end. If an access finds its version closed before its action
 * has begun, it reads the reference again. If the reference has a new version, a rotation closed the old one, and the
 * access starts again on the new version. If it does not, the secret was closed or purged. An action that has begun
 * never runs a second time; a rotation waits for it.
 */
final class RotatingSecret implements VersionedSecret {

    /** Runs an action on one version. Calls {@code begin} when the action begins. */
    @FunctionalInterface
    private interface Access<T extends @Nullable Object, E extends Exception> {
        T on(Secret version, Runnable begin) throws E;
    }

    private volatile Version current;

    /** Guarded by {@code this}, as are all changes of the current version. */
    private boolean closed;

    RotatingSecret(Secret first) {
        current = new Version(1, first);
    }

    /**
     * Replaces the current version.
     *
     * @return the version that the caller must close: the old one, or {@code next} if this secret is closed
     */
    synchronized Secret replace(Secret next) {
        if (closed) {
            return next;
        }
        Version old = current;
        current = new Version(old.number() + 1, next);
        return old.secret();
    }

    /** Tells whether a purge has wiped this secret: it cannot be read, although nobody has closed it. */
    synchronized boolean isWiped() {
        return !closed && current.secret().isClosed();
    }

    private <T extends @Nullable Object, E extends Exception> T access(Access<T, E> access) throws E {
        while (true) {
            Version version = current;
            boolean[] begun = new boolean[1];
            try {
                return access.on(version.secret(), () -> begun[0] = true);
            } catch (SecretClosedException e) {
                if (begun[0] || version.number() == current.number()) {
                    throw e;
                }
            }
        }
    }

    /** Runs a query, which has no effect except its result and so may be repeated. */
    private <T> T query(Function<Secret, T> query) {
        return this.<T, RuntimeException>access((version, begin) -> query.apply(version));
    }

    @Override
    public Version currentVersion() {
        return current;
    }

    @Override
    public int length() {
        return current.secret().length();
    }

    @Override
    public boolean isClosed() {
        while (true) {
            Version version = current;
            boolean isClosed = version.secret().isClosed();
            if (!isClosed || version.number() == current.number()) {
                return isClosed;
            }
        }
    }

    @Override
    public Storage storage() {
        return current.secret().storage();
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action)
            throws E {
        Objects.requireNonNull(action, "action");
        return this.<T, E>access((version, begin) -> version.<T, E>withBytes(view -> {
            begin.run();
            return action.apply(view);
        }));
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withHeapBytes(HeapBytesFunction<? extends T, E> action)
            throws E {
        Objects.requireNonNull(action, "action");
        return this.<T, E>access((version, begin) -> version.<T, E>withHeapBytes(bytes -> {
            begin.run();
            return action.apply(bytes);
        }));
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withHeapChars(HeapCharsFunction<? extends T, E> action)
            throws E {
        Objects.requireNonNull(action, "action");
        return this.<T, E>access((version, begin) -> version.<T, E>withHeapChars(chars -> {
            begin.run();
            return action.apply(chars);
        }));
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withKey(
            String algorithm, SecretKeyFunction<? extends T, E> action) throws E {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(action, "action");
        return this.<T, E>access((version, begin) -> version.<T, E>withKey(algorithm, key -> {
            begin.run();
            return action.apply(key);
        }));
    }

    @Override
    public boolean contentEquals(Secret other) {
        Objects.requireNonNull(other, "other");
        if (other == this) {
            return query(version -> version.contentEquals(version));
        }
        return query(version -> version.contentEquals(other));
    }

    @Override
    public boolean contentEquals(byte[] other) {
        Objects.requireNonNull(other, "other");
        return query(version -> version.contentEquals(other));
    }

    @Override
    public Secret copy() {
        return query(Secret::copy);
    }

    @Override
    public InputStream newInputStream() {
        return new RotatingSecretInputStream(this);
    }

    @Override
    public void close() {
        Secret last;
        synchronized (this) {
            closed = true;
            last = current.secret();
        }
        last.close();
    }

    @Override
    public String toString() {
        return current.secret().toString();
    }
}
