package io.securememory;

import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.SecretKey;

/** A JCA key over a view. It hands out copies, which it wipes when it ends, and is bound to the view's thread. */
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
            wipeCopies(); // What a purge has wiped is wiped here, too.
            throw e;
        }
        copies.add(copy);
        return copy;
    }

    @Override
    public void destroy() {
        close();
    }

    /** Also after a purge, as the view tells the thread that runs the action. */
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
            return ended; // Another thread, to which the view tells nothing.
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
