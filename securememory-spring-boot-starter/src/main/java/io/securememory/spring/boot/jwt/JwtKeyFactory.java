package io.securememory.spring.boot.jwt;

import io.securememory.HmacSha256;
import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.ProtectedKeys;
import io.securememory.jca.SecureMemoryProvider;
import io.securememory.spring.boot.JwtAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Provider;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Makes keys of one algorithm. Safe for use by several threads. */
final class JwtKeyFactory {

    private final JwtAlgorithm algorithm;
    private final String title;
    private final @Nullable String keyId;
    private final Supplier<CryptoEngine> engine;

    /** Not in the list of the JVM: whatever is there, this one computes. */
    private final Provider provider;

    /**
     * @param title how messages call the key
     * @param keyId the id of all keys, or null for computed ones
     */
    JwtKeyFactory(
            SecureMemory session,
            JwtAlgorithm algorithm,
            String title,
            @Nullable String keyId,
            Supplier<CryptoEngine> engine) {
        this.algorithm = algorithm;
        this.title = title;
        this.keyId = keyId;
        this.engine = engine;
        this.provider = new SecureMemoryProvider(session);
    }

    /**
     * Makes a key of one version of a secret.
     *
     * @throws JwtKeyException if it is none
     */
    JwtKey ofSecret(Secret version) {
        return algorithm.isSymmetric() ? ofBytes(version) : ofPrivateKey(version);
    }

    private JwtKey ofBytes(Secret version) {
        int length = version.length();
        if (length < algorithm.leastSecretBytes()) {
            throw new JwtKeyException(
                    "The " + title + " has " + length + " bytes, and a key for " + algorithm.header() + " has at least "
                            + algorithm.leastSecretBytes() + " (RFC 7518 section 3.2).",
                    "Make a random key: openssl rand -out <file> " + algorithm.leastSecretBytes()
                            + ". If it is written in hexadecimal digits or Base64, declare its encoding.",
                    null);
        }
        Secret copy = version.copy();
        return new MacKey(copy, mac(copy), keyId);
    }

    /** HMAC with SHA-256 is computed by this library itself, and needs no engine. */
    private MacFunction mac(Secret copy) {
        if (algorithm == JwtAlgorithm.HS256) {
            return new HmacSha256(copy)::sign;
        }
        String name = algorithm == JwtAlgorithm.HS384 ? "HmacSHA384" : "HmacSHA512";
        SecretKey key = ProtectedKeys.secretKey(copy, name, engine.get());
        return message -> {
            try {
                Mac mac = Mac.getInstance(name, provider);
                mac.init(key);
                return mac.doFinal(message);
            } catch (GeneralSecurityException e) {
                if (copy.isClosed()) {
                    throw closed(e);
                }
                throw new JwtKeyException(
                        "The " + title + " cannot sign by " + algorithm.header() + ": " + e.getMessage(),
                        "Oracle's JDK takes no HMAC of this library: use another build of OpenJDK, or HS256.",
                        e);
            }
        };
    }

    private SecretClosedException closed(Exception cause) {
        SecretClosedException closed = new SecretClosedException("The " + title + " is closed or purged.");
        closed.initCause(cause);
        return closed;
    }

    private JwtKey ofPrivateKey(Secret version) {
        KeyPair pair;
        try {
            pair = ProtectedKeys.keyPair(version, null, engine.get());
        } catch (MalformedSecretException e) {
            throw noKey(e.problem(), e);
        } catch (IllegalArgumentException e) {
            throw noKey(String.valueOf(e.getMessage()), e);
        }
        return new PairKey(algorithm, title, pair, provider, true, keyId);
    }

    private JwtKeyException noKey(String problem, Exception cause) {
        return new JwtKeyException(
                "The " + title + " is no private key for JWTs: " + problem,
                "Write the key in PKCS#8, PKCS#1 or SEC 1, as PEM text or DER bytes, and not encrypted.",
                cause);
    }

    /**
     * Makes a key of a pair.
     *
     * @throws JwtKeyException if it is not one of the algorithm
     */
    JwtKey ofPair(KeyPair pair) {
        if (algorithm.isSymmetric()) {
            throw new JwtKeyException(
                    "The " + title + " is a pair of keys, and " + algorithm.header() + " has none.",
                    "Give a secret, or choose another algorithm.",
                    null);
        }
        return new PairKey(algorithm, title, pair, provider, false, keyId);
    }
}
