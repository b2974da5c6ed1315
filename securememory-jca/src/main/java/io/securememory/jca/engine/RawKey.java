package io.securememory.jca.engine;

import java.util.Arrays;
import java.util.Optional;

/** Algorithms whose keys are plain strings of bytes. Source: RFC 8032, RFC 7748, RFC 8410. */
public enum RawKey {
    /** EdDSA with Curve25519. */
    ED25519("Ed25519", 32, "2b6570", true),
    /** EdDSA with Curve448. */
    ED448("Ed448", 57, "2b6571", true),
    /** Diffie-Hellman with Curve25519. */
    X25519("X25519", 32, "2b656e", false),
    /** Diffie-Hellman with Curve448. */
    X448("X448", 56, "2b656f", false);

    private final String standardName;
    private final int size;
    private final String identifier;
    private final boolean signs;

    RawKey(String standardName, int size, String identifier, boolean signs) {
        this.standardName = standardName;
        this.size = size;
        this.identifier = identifier;
        this.signs = signs;
    }

    /**
     * Finds an algorithm.
     *
     * @param identifier bytes of its object identifier, as hexadecimal digits
     * @return the algorithm, if it is one of these
     */
    public static Optional<RawKey> byIdentifier(String identifier) {
        return Arrays.stream(values())
                .filter(key -> key.identifier.equals(identifier))
                .findFirst();
    }

    /**
     * Returns the name in the JCA and in OpenSSL, which is the same.
     *
     * @return for example {@code Ed25519}
     */
    public String standardName() {
        return standardName;
    }

    /**
     * Returns the length of a private and of a public key.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * Returns the object identifier.
     *
     * @return its bytes, as hexadecimal digits
     */
    public String identifier() {
        return identifier;
    }

    /**
     * Tells what these keys are for.
     *
     * @return true if they sign, false if they agree on a key
     */
    public boolean signs() {
        return signs;
    }
}
