package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecretView;
import io.securememory.VersionedSecret;
import io.securememory.internal.SourceSecret;
import io.securememory.jca.encoding.ParsedKey;
import io.securememory.jca.encoding.PrivateKeyText;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.Engines;
import io.securememory.jca.engine.KeyGenerator.Generated;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.RawKey;
import io.securememory.jca.engine.SecretResult;
import io.securememory.jca.spi.FixedContent;
import io.securememory.jca.spi.FollowedContent;
import io.securememory.jca.spi.KeyContent;
import io.securememory.jca.spi.ProtectedPrivateKey;
import io.securememory.jca.spi.ProtectedSecretKey;
import io.securememory.jca.spi.PublicKeys;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys for the Java Cryptography Architecture (JCA) whose bytes are in protected memory.
 *
 * <p><b>Guarantees.</b> A key has no encoding: {@code getEncoded()} and {@code getFormat()} return null. It cannot be
 * serialized, its {@code toString} shows nothing of it, and {@code equals} compares identity. {@code destroy()} closes
 * what belongs to the key; using it afterwards throws an exception.
 *
 * <p><b>Use.</b> Add a {@link SecureMemoryProvider}, and ask for a {@code Signature}, a {@code Cipher} or anything else
 * without naming a provider: the JCA finds the one that takes the key.
 *
 * <p><b>Threading.</b> Keys are safe for use by several threads, which compute at the same time.
 */
public final class ProtectedKeys {

    private static final int DEFAULT_RSA_BITS = 3072;
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 16_384;

    private ProtectedKeys() {}

    /**
     * Makes a private key of the text of one, as {@link #privateKey(Secret, Secret, CryptoEngine)} does, with the engine
     * of {@link CryptoEngine#auto()}. The text is not encrypted.
     *
     * @param key DER or PEM: PKCS#8, PKCS#1 or SEC 1
     * @return the key
     */
    public static PrivateKey privateKey(Secret key) {
        return privateKey(key, null, CryptoEngine.auto());
    }

    /**
     * Makes a private key of the encrypted text of one, as {@link #privateKey(Secret, Secret, CryptoEngine)} does, with the
     * engine of {@link CryptoEngine#auto()}.
     *
     * @param encryptedKey DER or PEM: PKCS#8, or PEM with encryption headers
     * @param passphrase the passphrase
     * @return the key
     */
    public static PrivateKey privateKey(Secret encryptedKey, Secret passphrase) {
        return privateKey(encryptedKey, Objects.requireNonNull(passphrase, "passphrase"), CryptoEngine.auto());
    }

    /**
     * Makes a private key of the text of one.
     *
     * <p>The numbers of the key are kept in a secret of the same session and storage, which is closed when the text is
     * closed, or when the key is destroyed. The text stays the caller's. Destroy a key that you do not need any more while its
     * text stays open: a key that is dropped instead is counted as a leak, and its numbers are wiped.
     *
     * <p>If the text is a {@link io.securememory.VersionedSecret}, such as a declared secret of the Spring Boot starter,
     * the key follows it: the next signature is made with the new content. A key that belongs to a certificate must
     * not change without it: see {@link #snapshot}.
     *
     * @param key DER or PEM: PKCS#8 (encrypted or not), PKCS#1 or SEC 1; of RSA, RSASSA-PSS, EC (P-256, P-384, P-521),
     *     Ed25519, Ed448, X25519 or X448
     * @param passphrase passphrase of an encrypted key; null if there is none. It stays the caller's
     * @param engine computes with the key
     * @return the key, which implements {@code RSAKey}, {@code ECKey}, {@code EdECKey} or {@code XECKey}
     * @throws io.securememory.MalformedSecretException if the text is no such key, or a damaged one, or is encrypted with
     *     another passphrase
     * @throws io.securememory.SecretClosedException if the text is closed
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory for it
     * @throws IllegalArgumentException if the text is not a secret of this library
     */
    public static PrivateKey privateKey(Secret key, @Nullable Secret passphrase, CryptoEngine engine) {
        Objects.requireNonNull(key, "key");
        return ProtectedPrivateKey.of(
                new FollowedContent(key, passphrase, ProtectedKeys::read),
                engine.engines().privateKeys());
    }

    private static KeyContent.Numbers read(Secret text, @Nullable Secret passphrase) {
        ParsedKey parsed = PrivateKeyText.read(ofThisLibrary(text), passphrase);
        return new KeyContent.Numbers(parsed.shape(), parsed.numbers());
    }

    private static SourceSecret ofThisLibrary(Secret text) {
        if (text instanceof SourceSecret source) {
            return source;
        }
        throw new IllegalArgumentException("the key is not a secret of this library; make one with a SecretFactory");
    }

    /**
     * Makes a private key of the content that a secret has now. The key goes on working when the secret is rotated or
     * closed, until it is destroyed or the session is purged or closed.
     *
     * @param key as in {@link #privateKey(Secret, Secret, CryptoEngine)}
     * @param passphrase passphrase of an encrypted key; null if there is none
     * @param engine computes with the key
     * @return the key; the caller destroys it
     * @throws io.securememory.MalformedSecretException as in {@link #privateKey(Secret, Secret, CryptoEngine)}, likewise
     *     the other exceptions
     */
    public static PrivateKey snapshot(Secret key, @Nullable Secret passphrase, CryptoEngine engine) {
        Objects.requireNonNull(key, "key");
        Secret text = key instanceof VersionedSecret versioned
                ? versioned.currentVersion().secret()
                : key;
        Secret word = passphrase instanceof VersionedSecret versioned
                ? versioned.currentVersion().secret()
                : passphrase;
        KeyContent.Numbers read = read(text, word);
        Secret own;
        try (Secret numbers = read.numbers()) {
            own = numbers.copy();
        }
        return orClose(
                own,
                () -> ProtectedPrivateKey.of(
                        new FixedContent(read.shape(), own), engine.engines().privateKeys()));
    }

    private static <T> T orClose(Secret half, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (Throwable e) {
            half.close();
            throw e;
        }
    }

    /**
     * Makes a pair of keys: a private key as {@link #privateKey(Secret)} does, and the public key that is computed from
     * it.
     *
     * @param key DER or PEM, not encrypted
     * @return the pair; the public key is an ordinary key of the JDK, and does not follow a rotation
     * @throws CryptoEngineException if the numbers are no key
     */
    public static KeyPair keyPair(Secret key) {
        return keyPair(key, null, CryptoEngine.auto());
    }

    /**
     * Makes a pair of keys: a private key as {@link #privateKey(Secret, Secret, CryptoEngine)} does, and the public key that
     * is computed from it.
     *
     * @param key DER or PEM
     * @param passphrase passphrase of an encrypted key; null if there is none
     * @param engine computes with the key
     * @return the pair; the public key is an ordinary key of the JDK, and does not follow a rotation
     * @throws CryptoEngineException if the numbers are no key
     */
    public static KeyPair keyPair(Secret key, @Nullable Secret passphrase, CryptoEngine engine) {
        PrivateKey made = privateKey(key, passphrase, engine);
        try {
            return new KeyPair(publicKey(made), made);
        } catch (Throwable e) {
            ((ProtectedPrivateKey) made).destroy();
            throw e;
        }
    }

    /**
     * Makes a secret key for {@code Cipher}, {@code Mac} or {@code SecretKeyFactory}, with the engine of {@link
     * CryptoEngine#auto()}. Nothing is copied: each operation reads the secret anew, and so follows its rotation.
     *
     * @param raw the bytes of the key. {@code destroy()} closes it
     * @param algorithm for example {@code AES}, {@code HmacSHA256} or {@code ChaCha20}
     * @return the key
     * @throws IllegalArgumentException if the length does not fit the algorithm, or it is not a secret of this library
     */
    public static SecretKey secretKey(Secret raw, String algorithm) {
        return secretKey(raw, algorithm, CryptoEngine.auto());
    }

    /**
     * Makes a secret key, see {@link #secretKey(Secret, String)}.
     *
     * @param raw the bytes of the key. {@code destroy()} closes it
     * @param algorithm for example {@code AES}, {@code HmacSHA256} or {@code ChaCha20}
     * @param engine computes with the key
     * @return the key
     * @throws IllegalArgumentException if the length does not fit the algorithm, or it is not a secret of this library
     */
    public static SecretKey secretKey(Secret raw, String algorithm, CryptoEngine engine) {
        return ProtectedSecretKey.of(raw, algorithm, engine.engines().secretKeys());
    }

    /**
     * Makes a new pair of keys with the engine of {@link CryptoEngine#auto()}.
     *
     * @param secrets stores the private key
     * @param algorithm as in {@link #generate(SecretFactory, String, AlgorithmParameterSpec, CryptoEngine)}
     * @param parameters as there
     * @return the pair
     * @throws NoSuchAlgorithmException if the algorithm is not one of those
     * @throws InvalidAlgorithmParameterException if the parameters do not fit it, or are not supported
     */
    public static KeyPair generate(SecretFactory secrets, String algorithm, @Nullable AlgorithmParameterSpec parameters)
            throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
        return generate(secrets, algorithm, parameters, CryptoEngine.auto());
    }

    /**
     * Makes a new pair of keys. The private key is made in native memory, and belongs to the key object: {@code
     * destroy()} closes it.
     *
     * @param secrets stores the private key
     * @param algorithm {@code RSA}, {@code EC}, {@code EdDSA}, {@code Ed25519}, {@code Ed448}, {@code XDH}, {@code
     *     X25519} or {@code X448}
     * @param parameters {@link RSAKeyGenParameterSpec}, {@link ECGenParameterSpec}, {@link ECParameterSpec} or {@link
     *     NamedParameterSpec}; null for RSA of 3072 bits, P-256, Ed25519 or X25519
     * @param engine makes the key
     * @return the pair
     * @throws NoSuchAlgorithmException if the algorithm is not one of these
     * @throws InvalidAlgorithmParameterException if the parameters do not fit it, or are not supported
     * @throws CryptoEngineException if the engine cannot make the key
     */
    public static KeyPair generate(
            SecretFactory secrets, String algorithm, @Nullable AlgorithmParameterSpec parameters, CryptoEngine engine)
            throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
        Objects.requireNonNull(secrets, "secrets");
        Objects.requireNonNull(algorithm, "algorithm");
        return switch (algorithm) {
            case "RSA" -> pair(rsa(secrets, parameters, engine.engines()), engine);
            case "EC" -> pair(ec(secrets, curve(parameters), engine.engines()), engine);
            case "EdDSA", "Ed25519", "Ed448" -> pair(raw(secrets, algorithm, parameters, RawKey.ED25519), engine);
            case "XDH", "X25519", "X448" -> pair(raw(secrets, algorithm, parameters, RawKey.X25519), engine);
            default ->
                throw new NoSuchAlgorithmException(
                        "no keys of " + algorithm + " are made; known are RSA, EC, Ed25519, Ed448, X25519 and X448");
        };
    }

    private static Generated rsa(SecretFactory secrets, @Nullable AlgorithmParameterSpec parameters, Engines engines)
            throws InvalidAlgorithmParameterException {
        RSAKeyGenParameterSpec wanted = parameters == null
                ? new RSAKeyGenParameterSpec(DEFAULT_RSA_BITS, RSAKeyGenParameterSpec.F4)
                : as(RSAKeyGenParameterSpec.class, parameters);
        int bits = wanted.getKeysize();
        if (bits < LEAST_RSA_BITS
                || bits > MOST_RSA_BITS
                || !wanted.getPublicExponent().testBit(0)) {
            throw new InvalidAlgorithmParameterException(
                    "a key of RSA has " + LEAST_RSA_BITS + " to " + MOST_RSA_BITS + " bits and an odd public exponent");
        }
        return made(secrets, (place, keep) -> engines.generator().rsa(place, bits, wanted.getPublicExponent(), keep));
    }

    private static Generated ec(SecretFactory secrets, Curve curve, Engines engines) {
        return made(secrets, (place, keep) -> engines.generator().ec(place, curve, keep));
    }

    private static Curve curve(@Nullable AlgorithmParameterSpec parameters) throws InvalidAlgorithmParameterException {
        if (parameters == null) {
            return Curve.P_256;
        }
        Optional<Curve> found = parameters instanceof ECParameterSpec spec
                ? Curve.of(spec)
                : Curve.byName(as(ECGenParameterSpec.class, parameters).getName());
        return found.orElseThrow(() -> new InvalidAlgorithmParameterException(
                "the curve is not supported; known are secp256r1, secp384r1 and secp521r1"));
    }

    private static Generated raw(
            SecretFactory secrets, String algorithm, @Nullable AlgorithmParameterSpec parameters, RawKey usual)
            throws InvalidAlgorithmParameterException {
        boolean isFamily = algorithm.equals("EdDSA") || algorithm.equals("XDH");
        String wanted = parameters == null
                ? isFamily ? usual.standardName() : algorithm
                : as(NamedParameterSpec.class, parameters).getName();
        RawKey kind = Arrays.stream(RawKey.values())
                .filter(known -> known.standardName().equalsIgnoreCase(wanted))
                .filter(known -> isFamily
                        ? known.signs() == usual.signs()
                        : known.standardName().equals(algorithm))
                .findFirst()
                .orElseThrow(() ->
                        new InvalidAlgorithmParameterException("'" + wanted + "' is no parameter of " + algorithm));
        return new Generated(new KeyShape.Raw(kind), secrets.createRandom(kind.size()));
    }

    private static <T> T as(Class<T> type, AlgorithmParameterSpec parameters)
            throws InvalidAlgorithmParameterException {
        if (!type.isInstance(parameters)) {
            throw new InvalidAlgorithmParameterException("a " + type.getSimpleName() + " is needed, and this is a "
                    + parameters.getClass().getSimpleName());
        }
        return type.cast(parameters);
    }

    /** Makes a key in locked memory of the session. */
    @FunctionalInterface
    private interface Maker {
        Generated make(SecretView place, SecretResult<Secret> keep) throws GeneralSecurityException;
    }

    private static Generated made(SecretFactory secrets, Maker maker) {
        @Nullable Secret[] kept = new @Nullable Secret[1];
        try (Secret place = secrets.createRandom(1)) {
            return place.<Generated, GeneralSecurityException>withBytes(view ->
                    maker.make(view, (memory, at, length) -> {
                        ByteBuffer numbers =
                                memory.duplicate().limit(at + length).position(at);
                        Secret secret = secrets.create(numbers);
                        kept[0] = secret;
                        return secret;
                    }));
        } catch (GeneralSecurityException e) {
            close(kept[0]);
            throw new CryptoEngineException("The key could not be made: " + e.getMessage(), e);
        } catch (Throwable e) {
            close(kept[0]);
            throw e;
        }
    }

    private static void close(@Nullable Secret halfMade) {
        if (halfMade != null) {
            halfMade.close();
        }
    }

    private static KeyPair pair(Generated made, CryptoEngine engine) {
        try {
            ProtectedPrivateKey key = ProtectedPrivateKey.of(
                    new FixedContent(made.shape(), made.numbers()),
                    engine.engines().privateKeys());
            return new KeyPair(publicKey(key), key);
        } catch (Throwable e) {
            made.numbers().close();
            throw e;
        }
    }

    /**
     * Computes the public key of a private key.
     *
     * @param key a key of this class
     * @return the public key, an ordinary key of the JDK
     * @throws IllegalArgumentException if the key is another one
     * @throws CryptoEngineException if its numbers are no key
     */
    public static PublicKey publicKey(PrivateKey key) {
        if (!(key instanceof ProtectedPrivateKey usable)) {
            throw new IllegalArgumentException("the key is not in protected memory");
        }
        try {
            return PublicKeys.of(usable);
        } catch (InvalidKeyException e) {
            throw new CryptoEngineException(String.valueOf(e.getMessage()), e);
        } catch (GeneralSecurityException e) {
            throw new CryptoEngineException("The public key cannot be computed: " + e.getMessage(), e);
        }
    }
}
