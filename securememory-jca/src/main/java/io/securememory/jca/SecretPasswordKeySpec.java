package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import java.security.spec.KeySpec;
import java.util.Objects;

/**
 * What {@code SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")} makes a key of: a password in protected memory.
 *
 * <p>Immutable. Refers to secrets, and copies none. Source: RFC 8018 section 5.2.
 */
public final class SecretPasswordKeySpec implements KeySpec {

    private final Secret password;
    private final byte[] salt;
    private final int iterations;
    private final String algorithm;
    private final int length;
    private final SecretFactory secrets;
    private final CryptoEngine engine;

    /**
     * Describes a key.
     *
     * @param password the password, in UTF-8 as {@link SecretFactory#create(char[])} stores it; the caller closes it
     * @param salt not secret, at least 16 random bytes for each password; copied
     * @param iterations how much work it is to try a password; 600,000 with SHA-256 take a fifth of a second or more
     * @param algorithm the algorithm of the new key, for example {@code AES}
     * @param length the length of the new key in bytes
     * @param secrets stores the new key
     * @param engine computes with it
     */
    public SecretPasswordKeySpec(
            Secret password,
            byte[] salt,
            int iterations,
            String algorithm,
            int length,
            SecretFactory secrets,
            CryptoEngine engine) {
        this.password = Objects.requireNonNull(password, "password");
        this.salt = salt.clone();
        this.iterations = iterations;
        this.algorithm = Objects.requireNonNull(algorithm, "algorithm");
        this.length = length;
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    Secret derive(String digest) {
        return KeyDerivation.pbkdf2(digest, password, salt, iterations, length, secrets, engine);
    }

    String algorithm() {
        return algorithm;
    }

    CryptoEngine engine() {
        return engine;
    }

    @Override
    public String toString() {
        return "SecretPasswordKeySpec[" + algorithm + ", length=" + length + ", iterations=" + iterations + "]";
    }
}
