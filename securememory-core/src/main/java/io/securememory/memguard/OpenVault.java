package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.DecryptionFailedException;
import io.securememory.MemoryLimitException;
import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.crypto.SealingEngine;
import io.securememory.crypto.TracelessCopy;
import io.securememory.memguard.internal.Bytes;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is needed to seal and to open: a coffer and its windows.
 *
 * @param coffer holds the key
 * @param windows hold key and plaintext while they are used
 */
record OpenVault(Coffer coffer, SealingWindows windows) {

    /** Work that a thread does while it has a window. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object, E extends Exception> {
        T in(SealingWindow window, Lease lease) throws E;
    }

    /**
     * Runs work in a window.
     *
     * @param size bytes of plaintext in the window, which are wiped afterwards
     */
    <T extends @Nullable Object, E extends Exception> T inWindow(
            int size, Object subject, boolean writing, Work<T, E> work) throws E {
        SealingWindow window = windows.take(size);
        try {
            Lease lease = window.lease(subject, writing, size);
            Throwable failure = null;
            try {
                return work.in(window, lease);
            } catch (Throwable e) {
                failure = e;
                throw e;
            } finally {
                window.wipe(size);
                lease.end(failure);
            }
        } finally {
            windows.giveBack(window);
        }
    }

    /**
     * Opens sealed bytes into a window and runs an action on them. Does what {@link #inWindow} does, without an object
     * for the work.
     */
    <T extends @Nullable Object, E extends Exception> T read(
            byte[] sealed, Object subject, SecretFunction<? extends T, E> action) throws E {
        int size = SealingEngine.plainLength(sealed);
        SealingWindow window = windows.take(size);
        try {
            Lease lease = window.lease(subject, false, size);
            Throwable failure = null;
            try {
                decrypt(window, sealed, window.bytes(), window.indexOf(size));
                window.requireNotPurged(size);
                return action.apply(lease);
            } catch (Throwable e) {
                failure = e;
                throw e;
            } finally {
                window.wipe(size);
                lease.end(failure);
            }
        } finally {
            windows.giveBack(window);
        }
    }

    /** Seals the plaintext of a window, which may be overwritten. The key is computed in the window. */
    byte[] encrypt(SealingWindow window, int from, int size) {
        long nonce = coffer.nextNonce();
        try {
            window.viewKey();
            return intact(window, window.engine().sealInPlace(nonce, window.bytes(), from, size));
        } finally {
            window.forgetKey();
        }
    }

    /**
     * Seals bytes of a buffer, which must be little-endian if it is direct. They are not changed. Copies them into a
     * window if that is faster and there is room, or else seals them where they are.
     */
    byte[] seal(Object subject, ByteBuffer source, int from, int size) {
        if (windows.areFasterInPlace(size)) {
            try {
                return this.<byte[], RuntimeException>inWindow(size, subject, true, (window, lease) -> {
                    TracelessCopy.copy(source, from, window.bytes(), window.indexOf(size), size);
                    return encrypt(window, window.indexOf(size), size);
                });
            } catch (MemoryLimitException e) {
                LOG.debug("There is no memory for a copy to seal", e);
            }
        }
        return inWindow(0, subject, false, (window, lease) -> encryptElsewhere(window, source, from, size));
    }

    /**
     * Opens sealed bytes into an array, which the caller wipes. Opens them into a window first if that is faster and
     * there is room, or else into the array directly.
     */
    void open(Object subject, byte[] sealed, byte[] target, int to) {
        int size = SealingEngine.plainLength(sealed);
        if (windows.areFasterInPlace(size)) {
            try {
                read(sealed, subject, view -> {
                    view.copyTo(0, target, to, size);
                    return true;
                });
                return;
            } catch (MemoryLimitException e) {
                LOG.debug("There is no memory to open into", e);
            }
        }
        inWindow(0, subject, false, (window, lease) -> {
            decrypt(window, sealed, target, to);
            window.requireNotPurged(0);
            return true;
        });
    }

    private byte[] encryptElsewhere(SealingWindow window, ByteBuffer source, int from, int size) {
        long nonce = coffer.nextNonce();
        try {
            window.viewKey();
            byte[] sealed = source.hasArray()
                    ? window.engine().seal(nonce, source.array(), source.arrayOffset() + from, size)
                    : window.engine().seal(nonce, source, from, size);
            return intact(window, sealed);
        } finally {
            window.forgetKey();
        }
    }

    /**
     * Returns the sealed bytes, unless a purge has wiped the key while it was in use: they may be sealed with a key of
     * zeros then.
     */
    private static byte[] intact(SealingWindow window, byte[] sealed) {
        try {
            window.requireNotPurged(0);
        } catch (SecretClosedException e) {
            Bytes.wipe(sealed);
            throw e;
        }
        return sealed;
    }

    /** Opens sealed bytes into accessible memory. */
    static void decrypt(SealingWindow window, byte[] sealed, ByteBuffer target, int to) {
        try {
            window.viewKey();
            requireOpened(window, sealed, window.engine().open(sealed, target, to));
        } finally {
            window.forgetKey();
        }
    }

    /** Opens sealed bytes into an array. */
    private static void decrypt(SealingWindow window, byte[] sealed, byte[] target, int to) {
        try {
            window.viewKey();
            requireOpened(window, sealed, window.engine().open(sealed, target, to));
        } finally {
            window.forgetKey();
        }
    }

    private static void requireOpened(SealingWindow window, byte[] sealed, boolean opened) {
        if (opened) {
            return;
        }
        window.requireNotPurged(0); // A purge during this access has wiped the key in this window.
        if (!window.hasKeyOf(sealed)) {
            throw new SecretClosedException("The secret was purged: the key that it was sealed with is destroyed.");
        }
        throw new DecryptionFailedException("The sealed bytes were changed in memory; they cannot be opened.");
    }
}
