package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemoryException;
import io.securememory.internal.SourceSecret;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.ProtectedKeys;
import io.securememory.jca.spi.ProtectedPrivateKey;
import java.lang.ref.Cleaner;
import java.security.PrivateKey;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the keys of bundles: each of the content that a secret has at that time. The numbers stay in protected memory. A key
 * goes on working when the secret is rotated, so that handshakes in progress end well, and servers that keep their key store
 * keep serving. Its numbers are closed when nobody has the key any more, at the latest with the session.
 *
 * <p>The numbers are sealed. How many replaced keys there are depends on the garbage collector and on servers, and each of
 * them would otherwise take a page of the memory that may be locked. Opening them takes a few microseconds of a signature's
 * tens or hundreds.
 *
 * <p>Threading: safe.
 */
final class OpaqueKeys {

    private final SecretFactory sealed;
    private final Supplier<CryptoEngine> engine;

    /** Its thread ends when the last key is closed. */
    private final Cleaner cleaner = Cleaner.create();

    /**
     * @param sealed stores what is sealed
     * @param engine asked when a key is made
     */
    OpaqueKeys(SecretFactory sealed, Supplier<CryptoEngine> engine) {
        this.sealed = sealed;
        this.engine = engine;
    }

    /**
     * Makes a key.
     *
     * @param text the key, in any form that is read
     * @param passphrase passphrase of an encrypted key; read for such a key only
     * @return a {@link ProtectedPrivateKey}; or one of the JDK, whose numbers are on the heap, if the algorithm or the curve
     *     has no other form
     * @throws MalformedSecretException if it is not a key of a known algorithm
     */
    PrivateKey make(Secret text, @Nullable Secret passphrase) {
        // Copies, which no rotation closes meanwhile.
        try (Secret copy = copy(text);
                Secret word = passphrase == null ? null : passphrase.copy()) {
            PrivateKey key;
            try {
                key = ProtectedKeys.snapshot(copy, word, engine.get());
            } catch (MalformedSecretException e) {
                return KeyMaker.readWithoutOpaqueForm((SourceSecret) copy, word, e);
            }
            if (key instanceof ProtectedPrivateKey opaque) {
                cleaner.register(key, opaque.closing());
            }
            return key;
        }
    }

    /** The buffer is read-only, so that the secret is not wiped. */
    private Secret copy(Secret text) {
        return text.<Secret, RuntimeException>withBytes(view -> sealed.create(view.asByteBuffer()));
    }

    /** Returns a known key that still works if the next one is no other, so that its users are not told of a change. */
    static PrivateKey sameOrNext(@Nullable PrivateKey known, PrivateKey next) {
        if (!(known instanceof ProtectedPrivateKey present)
                || !(next instanceof ProtectedPrivateKey other)
                || !isSame(present, other)) {
            return next;
        }
        other.destroy();
        return known;
    }

    private static boolean isSame(PrivateKey known, PrivateKey next) {
        try {
            return ProtectedKeys.publicKey(known).equals(ProtectedKeys.publicKey(next)) && !known.isDestroyed();
        } catch (SecureMemoryException e) {
            return false; // One of them is no key, or was wiped.
        }
    }

    /** Tells whether the numbers of a key are in protected memory. */
    static boolean isOpaque(PrivateKey key) {
        return key instanceof ProtectedPrivateKey;
    }
}
