package io.securememory.jca.spi;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.VersionedSecret;
import io.securememory.crypto.StackProbe;
import io.securememory.internal.SourceSecret;
import io.securememory.jca.engine.SecretKeyEngine;
import io.securememory.jca.engine.SecretResult;
import io.securememory.memguard.internal.ComputingView;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.Key;
import java.util.Locale;
import java.util.Objects;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A secret key whose bytes are in protected memory. It has no encoding, and is used by the services of this provider
 * only. Each operation opens the secret anew, so that a secret that is rotated is followed.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which compute at the same time.
 */
public final class ProtectedSecretKey implements SecretKey {

    private static final long serialVersionUID = 1L;

    private final transient Secret secret;
    private final transient SecretKeyEngine engine;
    private final transient String algorithm;

    private ProtectedSecretKey(Secret secret, SecretKeyEngine engine, String algorithm) {
        this.secret = secret;
        this.engine = engine;
        this.algorithm = algorithm;
    }

    /**
     * Makes a key object.
     *
     * @param raw the bytes of the key, which {@link #destroy()} closes
     * @param algorithm its algorithm in the JCA, for example {@code AES} or {@code HmacSHA256}
     * @param engine computes with it
     * @return the key
     * @throws IllegalArgumentException if the algorithm has no keys of this length, or if the secret is not of this
     *     library
     * @throws SecretClosedException if the secret is closed
     */
    public static ProtectedSecretKey of(Secret raw, String algorithm, SecretKeyEngine engine) {
        Objects.requireNonNull(raw, "raw");
        Objects.requireNonNull(algorithm, "algorithm");
        requireLength(algorithm, raw.length());
        raw.useBytes(view -> {
            if (!(view instanceof ComputingView)) {
                throw new IllegalArgumentException("the key is not a secret of this library, which makes guarded memory"
                        + " for it; make one with a SecretFactory");
            }
        });
        return new ProtectedSecretKey(raw, Objects.requireNonNull(engine, "engine"), algorithm);
    }

    private static void requireLength(String algorithm, int length) {
        String lengths = switch (algorithm.toUpperCase(Locale.ROOT)) {
            case "AES" -> length == 16 || length == 24 || length == 32 ? "" : "16, 24 or 32";
            case "CHACHA20", "CHACHA20-POLY1305" -> length == 32 ? "" : "32";
            default -> "";
        };
        if (!lengths.isEmpty()) {
            throw new IllegalArgumentException("the secret has " + length + " bytes, and a key of " + algorithm
                    + " has " + lengths + "; if it is text, read it with the format HEX or BASE64, and if it is a"
                    + " password, derive a key from it with KeyDerivation");
        }
    }

    /**
     * Returns the key of this provider that a service was given.
     *
     * @param key any key
     * @param algorithms algorithms that keys of the service have; empty if any will do
     * @return the key
     * @throws InvalidKeyException if it is another key, or can no longer be used
     */
    static ProtectedSecretKey require(@Nullable Key key, String... algorithms) throws InvalidKeyException {
        if (!(key instanceof ProtectedSecretKey usable)) {
            throw new InvalidKeyException("The key is not in protected memory; make one with ProtectedKeys.");
        }
        boolean fits = algorithms.length == 0;
        for (String algorithm : algorithms) {
            fits |= algorithm.equalsIgnoreCase(usable.algorithm);
        }
        if (!fits) {
            throw new InvalidKeyException(
                    "The key is for " + usable.algorithm + ", and a key for " + algorithms[0] + " is needed.");
        }
        if (usable.isDestroyed()) {
            throw new InvalidKeyException("The key is destroyed, or its secret is closed or purged.");
        }
        return usable;
    }

    /**
     * Computes with the bytes that the secret has now.
     *
     * @param use the computation
     * @param <T> type of its result
     * @param <E> type of its checked exception
     * @return the result
     * @throws E if it throws that
     * @throws SecretClosedException if the key is destroyed, or its secret is closed or purged
     */
    public <T, E extends Exception> T use(SecretKeyUse<T, E> use) throws E {
        StackProbe.touchForSeveral();
        return secret.<T, E>withBytes(view -> use.with(engine, view));
    }

    /** Returns the length of the secret in bytes. */
    int length() {
        return secret.length();
    }

    /** Whether both have the same bytes now. A key that can no longer be read is like no other key. */
    boolean isSameAs(ProtectedSecretKey other) {
        if (equals(other) || secret.equals(other.secret)) {
            return true;
        }
        try {
            return secret.contentEquals(other.secret);
        } catch (SecretClosedException e) {
            return false;
        }
    }

    /**
     * Makes a key of bytes that are computed with this key. They are stored as this key is.
     *
     * @param computation makes the bytes
     * @param newAlgorithm the algorithm of the new key
     * @return the key
     * @throws InvalidKeyException if the computation throws that, or if the algorithm has no keys of this length
     */
    ProtectedSecretKey make(Computation computation, String newAlgorithm) throws InvalidKeyException {
        @Nullable Secret[] made = new @Nullable Secret[1];
        boolean done = false;
        try {
            Secret kept = this.<Secret, InvalidKeyException>use((library, view) ->
                    computation.with(library, view, (memory, at, length) -> {
                        Secret copy = copy(memory, at, length);
                        made[0] = copy;
                        return copy;
                    }));
            ProtectedSecretKey key = of(kept, newAlgorithm, engine);
            done = true;
            return key;
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException("The key was unwrapped, but " + e.getMessage(), e);
        } finally {
            Secret unheld = made[0];
            if (!done && unheld != null) {
                unheld.close();
            }
        }
    }

    /** Makes the bytes of a new key. */
    @FunctionalInterface
    interface Computation {
        Secret with(SecretKeyEngine engine, SecretView key, SecretResult<Secret> result) throws InvalidKeyException;
    }

    /** Copies bytes into a secret of the same session and storage that does not end with this one. */
    private Secret copy(ByteBuffer memory, int at, int length) {
        Secret source = secret instanceof VersionedSecret versioned
                ? versioned.currentVersion().secret()
                : secret;
        if (!(source instanceof SourceSecret here)) {
            throw new IllegalArgumentException(
                    "the key is not a secret of this library; make one with a SecretFactory");
        }
        try (Secret derived = here.derive(length, target -> target.copyFrom(0, memory, at, length))) {
            return derived.copy();
        }
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    /** There is no encoding. */
    @Override
    public @Nullable String getFormat() {
        return null;
    }

    /** There is no encoding. */
    @Override
    public byte @Nullable [] getEncoded() {
        return null;
    }

    @Override
    public void destroy() {
        secret.close();
    }

    @Override
    public boolean isDestroyed() {
        return secret.isClosed();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(getClass().getName());
    }

    private void readObject(ObjectInputStream in) throws NotSerializableException {
        throw new NotSerializableException(getClass().getName());
    }

    @Override
    public String toString() {
        return "SecretKey[" + algorithm + (isDestroyed() ? ", destroyed]" : "]");
    }
}
