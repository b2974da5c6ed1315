package io.securememory.jca.engine;

/** Ciphers that encrypt and authenticate. */
public enum AeadCipher {
    /** AES-128 in Galois/Counter Mode. Source: NIST SP 800-38D. */
    AES_128_GCM("AES-128-GCM", 16, 12),
    /** AES-192 in Galois/Counter Mode. Source: NIST SP 800-38D. */
    AES_192_GCM("AES-192-GCM", 24, 12),
    /** AES-256 in Galois/Counter Mode. Source: NIST SP 800-38D. */
    AES_256_GCM("AES-256-GCM", 32, 12),
    /** ChaCha20-Poly1305. Source: RFC 8439. */
    CHACHA20_POLY1305("ChaCha20-Poly1305", 32, 12),
    /**
     * AES-256-GCM under a key that is derived for each nonce, so that nonces may be random. Source: C2SP, XAES-256-GCM.
     */
    XAES_256_GCM("AES-256-GCM", 32, 24);

    /** Length of a full tag in bytes. */
    public static final int TAG_SIZE = 16;

    /** Most bytes of a nonce that OpenSSL 3.0 takes. */
    public static final int LONGEST_NONCE = 128;

    private final String cipher;
    private final int keySize;
    private final int nonceSize;

    AeadCipher(String cipher, int keySize, int nonceSize) {
        this.cipher = cipher;
        this.keySize = keySize;
        this.nonceSize = nonceSize;
    }

    /**
     * Returns the name in OpenSSL of the cipher that computes.
     *
     * @return for example {@code AES-256-GCM}
     */
    public String cipher() {
        return cipher;
    }

    /**
     * Returns the length of a key.
     *
     * @return bytes
     */
    public int keySize() {
        return keySize;
    }

    /**
     * Returns the usual length of a nonce. AES-GCM takes other lengths, too.
     *
     * @return bytes
     */
    public int nonceSize() {
        return nonceSize;
    }

    /**
     * Checks a key.
     *
     * @param length its length in bytes, which may have changed since the key was made: its secret may be rotated
     * @throws IllegalStateException if this cipher takes keys of another length
     */
    public void requireKeySize(int length) {
        if (length != keySize) {
            throw new IllegalStateException("the key has " + length + " bytes now, and " + this + " needs " + keySize
                    + "; rotate the secret to one of that length");
        }
    }
}
