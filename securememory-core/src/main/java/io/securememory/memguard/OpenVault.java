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
 * What is sealed with: a coffer and its windows.
 *
 * @param coffer has the key
 * @param windows where key and plaintext are while they are used
 */
record OpenVault(Coffer coffer, SealingWindows windows) {

    /** What to do while a window is this thread's. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object, E extends Exception> {
        T in(SealingWindow window, Lease lease) throws E;
    }

    /**
     * Runs work in a window.
     *
     * @param size bytes of plaintext in the window, which are wiped after it
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

    /** Runs an action over opened bytes in a window: as {@link #inWindow}, without an object for the work. */
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

    /** Seals the plaintext of a window, which is gone then, with the key that comes into being in the window. */
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
     * Seals accessible bytes, little-endian, which stay as they are. Takes a window that has room for them if that is faster, and
     * does without where there is none.
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
     * Opens sealed bytes into an array, which the caller wipes. Takes a window that has room for them if that is faster, and does
     * without where there is none.
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

    /** A purge may have wiped the key while it was in use: what was sealed then is sealed with a key of zeros. */
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
        window.requireNotPurged(0); // A purge that met this access has wiped the key that was here.
        if (!window.hasKeyOf(sealed)) {
            throw new SecretClosedException("The secret was purged: the key that it was sealed with is destroyed.");
        }
        throw new DecryptionFailedException("The sealed bytes were changed in memory; they cannot be opened.");
    }
}
