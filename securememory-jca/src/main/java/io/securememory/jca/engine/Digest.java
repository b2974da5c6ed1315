package io.securememory.jca.engine;

import java.util.Arrays;
import java.util.Optional;

/** Digests that signatures, HMAC and key derivation use. Source: FIPS 180-4. */
public enum Digest {
    /** For old certificates and OAEP's default only. */
    SHA_1("SHA-1", "SHA1", 20, 64),
    /** SHA-224. */
    SHA_224("SHA-224", "SHA224", 28, 64),
    /** SHA-256. */
    SHA_256("SHA-256", "SHA256", 32, 64),
    /** SHA-384. */
    SHA_384("SHA-384", "SHA384", 48, 128),
    /** SHA-512. */
    SHA_512("SHA-512", "SHA512", 64, 128);

    private final String standardName;
    private final String shortName;
    private final int size;
    private final int blockSize;

    Digest(String standardName, String shortName, int size, int blockSize) {
        this.standardName = standardName;
        this.shortName = shortName;
        this.size = size;
        this.blockSize = blockSize;
    }

    /**
     * Finds a digest.
     *
     * @param name its name in the JCA, for example {@code SHA-256}
     * @return the digest, if it is supported
     */
    public static Optional<Digest> byName(String name) {
        return Arrays.stream(values())
                .filter(digest -> digest.standardName.equalsIgnoreCase(name) || digest.shortName.equalsIgnoreCase(name))
                .findFirst();
    }

    /**
     * Returns the name in the JCA.
     *
     * @return for example {@code SHA-256}
     */
    public String standardName() {
        return standardName;
    }

    /**
     * Returns the name in OpenSSL, and in names of signature algorithms.
     *
     * @return for example {@code SHA256}
     */
    public String shortName() {
        return shortName;
    }

    /**
     * Returns the length of a digest.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * Returns the length of a block.
     *
     * @return bytes
     */
    public int blockSize() {
        return blockSize;
    }
}
