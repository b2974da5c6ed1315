package io.securememory.spring.boot;

/** Algorithms by which JSON Web Tokens (JWTs) are signed. Source: RFC 7518 section 3.1, RFC 8037 section 3.1. */
public enum JwtAlgorithm {
    /** HMAC with SHA-256, and a key of at least 32 bytes. */
    HS256("HS256", 32),
    /** HMAC with SHA-384, and a key of at least 48 bytes. */
    HS384("HS384", 48),
    /** HMAC with SHA-512, and a key of at least 64 bytes. */
    HS512("HS512", 64),
    /** RSASSA-PKCS1-v1_5 with SHA-256, and a key of at least 2,048 bits. */
    RS256("RS256", 0),
    /** RSASSA-PSS with SHA-256, and a key of at least 2,048 bits. */
    PS256("PS256", 0),
    /** ECDSA with SHA-256, and a key of the curve P-256. */
    ES256("ES256", 0),
    /** Ed25519. */
    EDDSA("EdDSA", 0);

    private final String header;
    private final int leastSecretBytes;

    JwtAlgorithm(String header, int leastSecretBytes) {
        this.header = header;
        this.leastSecretBytes = leastSecretBytes;
    }

    /**
     * Returns the name that the header of a token has.
     *
     * @return for example {@code ES256}
     */
    public String header() {
        return header;
    }

    /**
     * Tells whether those who verify need the same secret key.
     *
     * @return true for HMAC; false if there is a public key
     */
    public boolean isSymmetric() {
        return leastSecretBytes > 0;
    }

    /**
     * Returns the least length of a secret key. Source: RFC 7518 section 3.2.
     *
     * @return bytes; 0 if there is a public key
     */
    public int leastSecretBytes() {
        return leastSecretBytes;
    }
}
