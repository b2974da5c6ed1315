package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecretView;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.Engines;
import io.securememory.jca.engine.KeyGenerator.Generated;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.RawKey;
import io.securememory.jca.engine.SecretResult;
import io.securememory.jca.spi.FixedContent;
import io.securememory.jca.spi.ProtectedPrivateKey;
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
