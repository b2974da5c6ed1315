package io.securememory;

import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.SecretKey;

/**
 * A JCA key over a view. It returns copies of the bytes, which it wipes when the action ends. Only the view's thread
 * can use it.
 */
final class ScopedSecretKey implements SecretKey, AutoCloseable {

    private static final long serialVersionUID = 1L;

    private final String algorithm;
    private final transient SecretView view;
    private final transient List<byte[]> copies = new ArrayList<>();
    private transient volatile boolean ended;

    ScopedSecretKey(String algorithm, SecretView view) {
        this.algorithm = algorithm;
        this.view = view;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        if (ended) {
            throw new IllegalStateException("the key's action has ended");
        }
        byte[] copy = new byte[view.length()];
        try {
            view.copyTo(0, copy, 0, copy.length);
        } catch (SecretClosedException e) {
            wipeCopies(); // A purge has wiped the secret: so the copies are wiped, too.
            throw e;
        }
        copies.add(copy);
        return copy;
    }

    @Override
    public void destroy() {
        close();
    }

    /** True also after a purge, but that only on the thread that runs the action. */
    @Override
    public boolean isDestroyed() {
        if (ended) {
            return true;
        }
        try {
            view.get(0);
            return false;
        } catch (SecretClosedException e) {
            return true;
        } catch (IllegalStateException e) {
            return ended; // Another thread, on which the view cannot be used.
        }
    }

    @Override
    public void close() {
        ended = true;
        wipeCopies();
    }

    private void wipeCopies() {
        copies.forEach(copy -> Arrays.fill(copy, (byte) 0));
        copies.clear();
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(ScopedSecretKey.class.getName());
    }

    private void readObject(ObjectInputStream in) throws NotSerializableException {
        throw new NotSerializableException(ScopedSecretKey.class.getName());
    }

    @Override
    public String toString() {
        return "SecretKey[" + algorithm + (ended ? ", ended]" : "]");
    }
}
