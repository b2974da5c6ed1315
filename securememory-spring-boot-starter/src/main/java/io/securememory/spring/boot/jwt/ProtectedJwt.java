package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryException;
import io.securememory.jca.CryptoEngine;
import io.securememory.spring.boot.JwtAlgorithm;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Signs and verifies JSON Web Tokens with one algorithm and a key in protected memory, for Spring Security.
 *
 * <p><b>Guarantees.</b> The key is never on the heap, unless the engine is BouncyCastle. Only tokens of the configured
 * algorithm are accepted, and only keys that were given here verify them. A JWK set never contains a secret key.
 *
 * <p><b>Rotation.</b> If the secret is rotated, the encoder signs with the new content at once. Tokens of its former
 * content are accepted for a grace time: set it at least to the time for which tokens are valid. To this end, a key of
 * HMAC is copied to protected memory when it is first seen; of a private key, only the public key is kept. At most 16 former
 * keys are kept. If new content cannot be a key of the algorithm, no token is signed until it is replaced again.
 *
 * <p><b>Key ids.</b> Each token has the id of its key ({@code kid}). It is the thumbprint of the public key (RFC 7638), and
 * for HMAC a check value, the beginning of an HMAC of a fixed text, which tells no more about the key than each token does. So
 * the id is the same in all instances of an application that have the key, and after a restart. Tokens with an id that is
 * not known are refused. Tokens without an id are verified with all keys.
 *
 * <p><b>Limits.</b> An instance that has not read a new key yet refuses tokens that another one has signed with it. A
 * version that was replaced before this object noticed it verifies nothing; {@link #refresh()} notices.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class ProtectedJwt implements AutoCloseable {

    private final JwtKeys keys;
    private final JwtEncoder encoder;
    private final JwtAlgorithm algorithm;

    private ProtectedJwt(JwtAlgorithm algorithm, JwtKeys keys) {
        this.algorithm = algorithm;
        this.keys = keys;
        this.encoder = new ProtectedJwtEncoder(algorithm, keys);
    }

    /**
     * Begins with a secret, which may be one that is rotated.
     *
     * @param session computes with the key
     * @param secret the key: bytes for HMAC; otherwise a private key in PEM or DER, not encrypted. The caller closes it
     * @param algorithm the algorithm
     * @return a builder
     */
    public static Builder of(SecureMemory session, Secret secret, JwtAlgorithm algorithm) {
        Objects.requireNonNull(secret, "secret");
        return new Builder(session, algorithm, factory -> new SecretSource(secret, factory::ofSecret));
    }

    /**
     * Begins with a pair of keys, which is never replaced.
     *
     * @param session computes with the key
     * @param pair a pair of {@link io.securememory.jca.ProtectedKeys}. The caller destroys its private key
     * @param algorithm one that is not HMAC
     * @return a builder
     */
    public static Builder of(SecureMemory session, KeyPair pair, JwtAlgorithm algorithm) {
        Objects.requireNonNull(pair, "pair");
        return new Builder(session, algorithm, factory -> new PairSource(pair, factory::ofPair));
    }

    /**
     * Returns the algorithm.
     *
     * @return the algorithm of all tokens
     */
    public JwtAlgorithm algorithm() {
        return algorithm;
    }

    /**
     * Returns the encoder. It needs no header; a header must have the algorithm of this object. Without a key, it throws
     * {@link org.springframework.security.oauth2.jwt.JwtEncodingException} with a {@link SecureMemoryException} as its cause,
     * for example a {@link io.securememory.SecretClosedException}.
     *
     * @return always the same object
     */
    public JwtEncoder encoder() {
        return encoder;
    }

    /**
     * Makes a decoder. It validates times, and what {@link NimbusJwtDecoder} validates by default; set another validator for
     * issuer and audience. If the key is closed or purged, it throws {@link
     * org.springframework.security.oauth2.jwt.JwtException} with a {@link SecureMemoryException} as its root cause, and never
     * a {@link org.springframework.security.oauth2.jwt.BadJwtException}: the token may be good.
     *
     * @return a new decoder
     */
    public NimbusJwtDecoder decoder() {
        return new NimbusJwtDecoder(new ProtectedJwtProcessor(algorithm, keys));
    }

    /**
     * Returns the public keys by which others can verify tokens: of the key that signs, and of former ones in their grace time.
     *
     * @return the keys, of which none is secret; empty for HMAC
     * @throws io.securememory.SecretClosedException if the key is closed or purged
     */
    public JWKSet publicKeys() {
        return new JWKSet(keys.verifying().stream()
                .map(JwtKey::publicKey)
                .<JWK>flatMap(Stream::ofNullable)
                .toList());
    }

    /**
     * Returns {@link #publicKeys()} as a source, for example for the JWK set endpoint of an authorization server.
     *
     * @return a source of public keys
     */
    public JWKSource<SecurityContext> jwkSource() {
        return (selector, context) -> {
            try {
                return selector.select(publicKeys());
            } catch (SecureMemoryException e) {
                throw new KeySourceException(e.getMessage(), e);
            }
        };
    }

    /**
     * Takes notice of a rotation now, and not only with the next token. Does nothing if the key is closed.
     *
     * @throws SecureMemoryException if the limit of locked memory leaves no room for the new key
     */
    public void refresh() {
        keys.refresh();
    }

    /** Closes what belongs to this object: copies for former keys. Nothing is signed and verified after that. Idempotent. */
    @Override
    public void close() {
        keys.close();
    }

    @Override
    public String toString() {
        return "ProtectedJwt[" + algorithm.header() + "]";
    }

    /** Builds a {@link ProtectedJwt}. Not safe for use by several threads. */
    public static final class Builder {

        /** Where keys come from. */
        @FunctionalInterface
        private interface Source {
            KeySource with(JwtKeyFactory factory);
        }

        /** Grace time unless another one is set. */
        private static final Duration DEFAULT_GRACE = Duration.ofMinutes(5);

        private final SecureMemory session;
        private final JwtAlgorithm algorithm;
        private final Source source;
        private String title = "key of JWTs";
        private @Nullable String keyId;
        private Duration grace = DEFAULT_GRACE;
        private Supplier<CryptoEngine> engine = () -> CryptoEngine.choose(CryptoEngine.Choice.AUTO, null);
        private InstantSource clock = InstantSource.system();

        private Builder(SecureMemory session, JwtAlgorithm algorithm, Source source) {
            this.session = Objects.requireNonNull(session, "session");
            this.algorithm = Objects.requireNonNull(algorithm, "algorithm");
            this.source = source;
        }

        /**
         * Sets how messages call the key.
         *
         * @param words for example {@code secret 'jwt-key'}
         * @return this builder
         */
        public Builder title(String words) {
            this.title = Objects.requireNonNull(words, "words");
            return this;
        }

        /**
         * Sets the key id, instead of one that is computed. All keys have it then, one after the other.
         *
         * @param id the id, or null for one that is computed
         * @return this builder
         */
        public Builder keyId(@Nullable String id) {
            if (id != null && id.isBlank()) {
                throw new IllegalArgumentException("the key id is blank");
            }
            this.keyId = id;
            return this;
        }

        /**
         * Sets how long tokens of a former key are accepted. The default is five minutes.
         *
         * @param time zero or more
         * @return this builder
         */
        public Builder previousKeyGrace(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("the grace time is negative");
            }
            this.grace = time;
            return this;
        }

        /**
         * Sets what computes with keys. It is asked for when a key needs it; HS256 does not. The default is {@link
         * CryptoEngine.Choice#AUTO}.
         *
         * @param chosen gives the engine
         * @return this builder
         */
        public Builder engine(Supplier<CryptoEngine> chosen) {
            this.engine = Objects.requireNonNull(chosen, "chosen");
            return this;
        }

        /**
         * Sets the clock by which the grace time ends. The default is that of the system.
         *
         * @param source the clock
         * @return this builder
         */
        public Builder clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Loads the key.
         *
         * @return what signs and verifies with it; the caller closes it
         * @throws JwtKeyException if the secret is no key for the algorithm, for example because it is too short
         * @throws SecureMemoryException if the key cannot be loaded, for example because it is closed, or because the limit of
         *     locked memory leaves no room
         */
        public ProtectedJwt build() {
            JwtKeyFactory factory = new JwtKeyFactory(session, algorithm, title, keyId, engine);
            return new ProtectedJwt(algorithm, new JwtKeys(title, source.with(factory), grace, clock));
        }
    }
}
