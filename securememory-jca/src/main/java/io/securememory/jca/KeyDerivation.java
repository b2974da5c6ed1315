package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecretView;
import io.securememory.crypto.StackProbe;
import io.securememory.jca.engine.Digest;
import io.securememory.jca.engine.Hkdf;
import io.securememory.jca.engine.Pbkdf2;
import io.securememory.jca.engine.SecretKeyEngine;
import io.securememory.jca.engine.SecretResult;
import io.securememory.jca.spi.ProtectedSecretKey;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Derives secrets from secrets. Neither the source nor the result comes to the heap, unless the engine is BouncyCastle.
 *
 * <p><b>Guarantees.</b> The new secret is independent of the old one: closing one does not close the other. A call that
 * fails leaves nothing behind.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class KeyDerivation {

    private KeyDerivation() {}

    /**
     * Derives a secret from one that is hard to guess, by HKDF, with the engine of {@link CryptoEngine#auto()}. Throws what
     * the method with an engine throws.
     *
     * @param digest {@code SHA-256}, {@code SHA-384} or {@code SHA-512}
     * @param secret what it is derived from; the caller closes it
     * @param salt not secret; may be empty
     * @param info what the new secret is for, at most 1,024 bytes; may be empty
     * @param length bytes of the new secret, at most 255 digests
     * @param secrets makes the new secret
     * @return a new secret, which the caller closes
     */
    public static Secret hkdf(
            String digest, Secret secret, byte[] salt, byte[] info, int length, SecretFactory secrets) {
        return hkdf(digest, secret, salt, info, length, secrets, CryptoEngine.auto());
    }

    /**
     * Derives a secret from one that is hard to guess, by HKDF. For a password, use {@link #pbkdf2}. Source: RFC 5869.
     *
     * @param digest {@code SHA-256}, {@code SHA-384} or {@code SHA-512}
     * @param secret what it is derived from; the caller closes it
     * @param salt not secret; may be empty
     * @param info what the new secret is for, at most 1,024 bytes; may be empty
     * @param length bytes of the new secret, at most 255 digests
     * @param secrets makes the new secret
     * @param engine computes
     * @return a new secret, which the caller closes
     * @throws IllegalArgumentException if the digest is another one, a length is out of range, or the secret is not of
     *     this library
     * @throws io.securememory.SecretClosedException if the secret is closed, or was purged during this call
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory to compute in, or for the new secret
     */
    public static Secret hkdf(
            String digest,
            Secret secret,
            byte[] salt,
            byte[] info,
            int length,
            SecretFactory secrets,
            CryptoEngine engine) {
        Hkdf derivation = new Hkdf(known(digest), salt, info, length);
        return derive(secret, secrets, engine, (library, view, result) -> library.hkdf(derivation, view, result));
    }

    /**
     * Derives a secret from a password, by PBKDF2 with HMAC, with the engine of {@link CryptoEngine#auto()}. Throws what the
     * method with an engine throws.
     *
     * @param digest {@code SHA-256}, {@code SHA-384} or {@code SHA-512}
     * @param password the password; the caller closes it
     * @param salt not secret, at least 16 random bytes for each password
     * @param iterations how much work it is to try a password
     * @param length bytes of the new secret, at most 1,024
     * @param secrets makes the new secret
     * @return a new secret, which the caller closes
     */
    public static Secret pbkdf2(
            String digest, Secret password, byte[] salt, int iterations, int length, SecretFactory secrets) {
        return pbkdf2(digest, password, salt, iterations, length, secrets, CryptoEngine.auto());
    }

    /**
     * Derives a secret from a password, by PBKDF2 with HMAC. Source: RFC 8018 section 5.2.
     *
     * @param digest {@code SHA-256}, {@code SHA-384} or {@code SHA-512}
     * @param password the password; the caller closes it
     * @param salt not secret, at least 16 random bytes for each password
     * @param iterations how much work it is to try a password; 600,000 with SHA-256 take a fifth of a second or more
     * @param length bytes of the new secret, at most 1,024; each digest of it takes all iterations again
     * @param secrets makes the new secret
     * @param engine computes
     * @return a new secret, which the caller closes
     * @throws IllegalArgumentException if the digest is another one, the salt is empty, a number is out of range, or the
     *     password is not a secret of this library
     * @throws io.securememory.SecretClosedException if the password is closed, or was purged during this call
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory to compute in, or for the new secret
     */
    public static Secret pbkdf2(
            String digest,
            Secret password,
            byte[] salt,
            int iterations,
            int length,
            SecretFactory secrets,
            CryptoEngine engine) {
        Pbkdf2 derivation = new Pbkdf2(known(digest), salt, iterations, length);
        return derive(password, secrets, engine, (library, view, result) -> library.pbkdf2(derivation, view, result));
    }

    /**
     * Derives a key by HKDF, as the secret key factories {@code HKDF-SHA256}, {@code HKDF-SHA384} and {@code
     * HKDF-SHA512} do.
     *
     * @param digest {@code SHA-256}, {@code SHA-384} or {@code SHA-512}
     * @param description what to derive
     * @return a key in protected memory, whose {@code destroy()} closes it
     * @throws IllegalArgumentException as {@link #hkdf} throws it, or if the algorithm has no keys of this length
     */
    public static SecretKey key(String digest, HkdfKeySpec description) {
        return key(description.derive(digest), description.algorithm(), description.engine());
    }

    /**
     * Derives a key by PBKDF2, as the secret key factories {@code PBKDF2WithHmacSHA256}, {@code PBKDF2WithHmacSHA384} and
     * {@code PBKDF2WithHmacSHA512} do.
     *
     * @param digest {@code SHA-256}, {@code SHA-384} or {@code SHA-512}
     * @param description what to derive
     * @return a key in protected memory, whose {@code destroy()} closes it
     * @throws IllegalArgumentException as {@link #pbkdf2} throws it, or if the algorithm has no keys of this length
     */
    public static SecretKey key(String digest, SecretPasswordKeySpec description) {
        return key(description.derive(digest), description.algorithm(), description.engine());
    }

    private static SecretKey key(Secret derived, String algorithm, CryptoEngine engine) {
        boolean done = false;
        try {
            SecretKey key =
                    ProtectedSecretKey.of(derived, algorithm, engine.engines().secretKeys());
            done = true;
            return key;
        } finally {
            if (!done) {
                derived.close();
            }
        }
    }

    private static Digest known(String name) {
        return Digest.byName(name)
                .filter(digest -> digest.size() >= Digest.SHA_256.size())
                .orElseThrow(() -> new IllegalArgumentException(
                        "nothing is derived by '" + name + "'; known are SHA-256, SHA-384 and SHA-512"));
    }

    /** Derives in locked memory of the source's session. */
    @FunctionalInterface
    private interface Derivation {
        Secret with(SecretKeyEngine library, SecretView view, SecretResult<Secret> result);
    }

    private static Secret derive(Secret source, SecretFactory secrets, CryptoEngine engine, Derivation derivation) {
        Objects.requireNonNull(secrets, "secrets");
        SecretKeyEngine library = engine.engines().secretKeys();
        StackProbe.touchForSeveral();
        @Nullable Secret[] made = new @Nullable Secret[1];
        try {
            return source.<Secret, RuntimeException>withBytes(view ->
                    derivation.with(library, view, (memory, at, length) -> {
                        Secret kept = secrets.create(part(memory, at, length));
                        made[0] = kept;
                        return kept;
                    }));
        } catch (Throwable e) {
            Secret unheld = made[0];
            if (unheld != null) {
                unheld.close();
            }
            throw e;
        }
    }

    private static ByteBuffer part(ByteBuffer memory, int at, int length) {
        return memory.duplicate().limit(at + length).position(at);
    }
}
