package io.securememory.jca.spi;

import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.PrivateKeyEngine;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A private key whose numbers are in protected memory. It has no encoding, and is used by the services of this provider
 * only.
 */
public abstract class ProtectedPrivateKey implements PrivateKey {

    private static final long serialVersionUID = 1L;

    private final transient KeyContent content;
    private final transient PrivateKeyEngine engine;

    /** What was public about the key when it could be used last. */
    private transient volatile KeyShape known;

    ProtectedPrivateKey(KeyContent content, PrivateKeyEngine engine) {
        this.content = content;
        this.engine = engine;
        this.known = content.current().shape();
    }

    /**
     * Makes a key object.
     *
     * @param content its numbers, which are closed when the key is destroyed
     * @param engine computes with it
     * @return the key, which implements {@code RSAKey}, {@code ECKey}, {@code EdECKey} or {@code XECKey}
     */
    public static ProtectedPrivateKey of(KeyContent content, PrivateKeyEngine engine) {
        KeyShape shape = content.current().shape();
        if (shape instanceof KeyShape.Rsa) {
            return new ProtectedRsaKey(content, engine);
        }
        if (shape instanceof KeyShape.Ec) {
            return new ProtectedEcKey(content, engine);
        }
        return ((KeyShape.Raw) shape).kind().signs()
                ? new ProtectedEdEcKey(content, engine)
                : new ProtectedXecKey(content, engine);
    }

    /**
     * Returns what is public about the key that is in use now; or, if there is none any more, about the last one. So
     * JSSE, which asks for it between other things, fails only when it signs, and can tell the other side.
     *
     * @return the shape
     */
    public final KeyShape shape() {
        try {
            return current().shape();
        } catch (SecureMemoryException e) {
            return known;
        }
    }

    private KeyContent.Numbers current() {
        KeyContent.Numbers current = content.current();
        if (current.shape().getClass() != known.getClass()) {
            throw new IllegalStateException("The secret was replaced by a key of another algorithm, "
                    + current.shape().algorithm() + ": make a new key object of it.");
        }
        known = current.shape();
        return current;
    }

    /**
     * Computes with the key that is in use now.
     *
     * @param use the computation
     * @param <T> type of its result
     * @return the result
     * @throws GeneralSecurityException if it throws that
     * @throws SecretClosedException if the key is destroyed, or its secret is closed or purged
     */
    public final <T> T use(KeyUse<T> use) throws GeneralSecurityException {
        while (true) {
            KeyContent.Numbers now = current();
            boolean[] begun = new boolean[1];
            try {
                return now.numbers().<T, GeneralSecurityException>withBytes(numbers -> {
                    begun[0] = true;
                    return use.with(engine, numbers, now.shape());
                });
            } catch (SecretClosedException e) {
                if (begun[0] || content.isClosed() || content.current().equals(now)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Checks that the key can be used.
     *
     * @throws InvalidKeyException if it cannot
     */
    final void requireUsable() throws InvalidKeyException {
        try {
            if (isDestroyed()) {
                throw new InvalidKeyException("The key is destroyed, or its secret is closed or purged.");
            }
            current();
        } catch (RuntimeException e) {
            throw new InvalidKeyException("The key cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public final String getAlgorithm() {
        return algorithm();
    }

    abstract String algorithm();

    /** There is no encoding. */
    @Override
    public final @Nullable String getFormat() {
        return null;
    }

    /** There is no encoding. */
    @Override
    public final byte @Nullable [] getEncoded() {
        return null;
    }

    /** Interfaces of the JDK have two methods of this name. */
    public abstract @Nullable AlgorithmParameterSpec getParams();

    /**
     * Returns what closes the numbers of this key when nobody has it any more.
     *
     * @return does what {@link #destroy()} does, and does not keep this object reachable
     */
    public final Runnable closing() {
        return content::close;
    }

    @Override
    public final void destroy() {
        content.close();
    }

    @Override
    public final boolean isDestroyed() {
        return content.isClosed();
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public final int hashCode() {
        return System.identityHashCode(this);
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(getClass().getName());
    }

    private void readObject(ObjectInputStream in) throws NotSerializableException {
        throw new NotSerializableException(getClass().getName());
    }

    @Override
    public final String toString() {
        return "PrivateKey[" + algorithm() + (isDestroyed() ? ", destroyed]" : "]");
    }
}
