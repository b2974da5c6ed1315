package io.securememory.jca;

import io.securememory.jca.engine.PrivateKeyEngine;
import io.securememory.jca.engine.SecretKeyEngine;
import java.util.Objects;

/**
 * What computes with keys.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class CryptoEngine {

    private final Kind kind;
    private final String version;
    private final PrivateKeyEngine privateKeys;
    private final SecretKeyEngine secretKeys;

    CryptoEngine(Kind kind, String version, PrivateKeyEngine privateKeys, SecretKeyEngine secretKeys) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.version = version;
        this.privateKeys = privateKeys;
        this.secretKeys = secretKeys;
    }

    /** The libraries that can compute with keys. */
    public enum Kind {
        /** OpenSSL's libcrypto, version 3.0 or later: keys are in native memory only. */
        LIBCRYPTO,
        /** BouncyCastle: keys are on the heap while it computes. */
        BOUNCYCASTLE
    }

    /**
     * Returns which library this is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the library's version.
     *
     * @return for example {@code OpenSSL 3.0.19 27 Jan 2026}
     */
    public String version() {
        return version;
    }

    PrivateKeyEngine privateKeys() {
        return privateKeys;
    }

    SecretKeyEngine secretKeys() {
        return secretKeys;
    }

    @Override
    public String toString() {
        return "CryptoEngine[" + kind + ", " + version + "]";
    }
}
