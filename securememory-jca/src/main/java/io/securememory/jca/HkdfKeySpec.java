package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import java.security.spec.KeySpec;
import java.util.Objects;

/**
 * What {@code SecretKeyFactory.getInstance("HKDF-SHA256")} makes a key of: a secret that is hard to guess, such as
 * random bytes or the result of a key agreement. For a password, use {@link SecretPasswordKeySpec}.
 *
 * <p>Immutable. Refers to secrets, and copies none. Source: RFC 5869.
 */
public final class HkdfKeySpec implements KeySpec {

    private static final byte[] NOTHING = new byte[0];

    private final Secret secret;
    private final String algorithm;
    private final int length;
    private final SecretFactory secrets;
    private final CryptoEngine engine;
    private final byte[] salt;
    private final byte[] info;

    /**
     * Describes a key, without salt and info.
     *
     * @param secret what it is derived from; the caller closes it
     * @param algorithm the algorithm of the new key, for example {@code AES}
     * @param length the length of the new key in bytes
     * @param secrets stores the new key
     * @param engine computes with it
     */
    public HkdfKeySpec(Secret secret, String algorithm, int length, SecretFactory secrets, CryptoEngine engine) {
        this(
                Objects.requireNonNull(secret, "secret"),
                Objects.requireNonNull(algorithm, "algorithm"),
                length,
                Objects.requireNonNull(secrets, "secrets"),
                Objects.requireNonNull(engine, "engine"),
                NOTHING,
                NOTHING);
    }

    private HkdfKeySpec(
            Secret secret,
            String algorithm,
            int length,
            SecretFactory secrets,
            CryptoEngine engine,
            byte[] salt,
            byte[] info) {
        this.secret = secret;
        this.algorithm = algorithm;
        this.length = length;
        this.secrets = secrets;
        this.engine = engine;
        this.salt = salt;
        this.info = info;
    }

    /**
     * Sets the salt.
     *
     * @param newSalt not secret; copied
     * @return a new description
     */
    public HkdfKeySpec withSalt(byte[] newSalt) {
        return new HkdfKeySpec(secret, algorithm, length, secrets, engine, newSalt.clone(), info);
    }

    /**
     * Sets what the key is for. Keys for different purposes are independent of each other.
     *
     * @param newInfo not secret, at most 1,024 bytes; copied
     * @return a new description
     */
    public HkdfKeySpec withInfo(byte[] newInfo) {
        return new HkdfKeySpec(secret, algorithm, length, secrets, engine, salt, newInfo.clone());
    }

    Secret derive(String digest) {
        return KeyDerivation.hkdf(digest, secret, salt, info, length, secrets, engine);
    }

    String algorithm() {
        return algorithm;
    }

    CryptoEngine engine() {
        return engine;
    }

    @Override
    public String toString() {
        return "HkdfKeySpec[" + algorithm + ", length=" + length + "]";
    }
}
