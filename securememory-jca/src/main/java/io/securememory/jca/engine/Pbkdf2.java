package io.securememory.jca.engine;

/** What PBKDF2 derives, and how. Source: RFC 8018 section 5.2. */
public final class Pbkdf2 {

    /** No key is longer. Each digest of the result takes all iterations again. */
    private static final int LONGEST = 1024;

    private final Digest digest;
    private final byte[] salt;
    private final int iterations;
    private final int length;

    /**
     * Creates a derivation.
     *
     * @param digest the digest
     * @param salt the salt; copied
     * @param iterations how often the HMAC is computed for each digest of the result
     * @param length bytes of the result
     * @throws IllegalArgumentException if the salt is empty, if the iterations are not positive, or if the length is
     *     not positive or above 1,024 bytes
     */
    public Pbkdf2(Digest digest, byte[] salt, int iterations, int length) {
        if (salt.length == 0) {
            throw new IllegalArgumentException("the salt is empty; use at least 16 random bytes for each password");
        }
        if (iterations < 1) {
            throw new IllegalArgumentException("iterations are " + iterations + ", expected at least 1");
        }
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException("the length is " + length + ", expected 1 to " + LONGEST + " bytes");
        }
        this.digest = digest;
        this.salt = salt.clone();
        this.iterations = iterations;
        this.length = length;
    }

    Digest digest() {
        return digest;
    }

    byte[] salt() {
        return salt;
    }

    int iterations() {
        return iterations;
    }

    int length() {
        return length;
    }
}
