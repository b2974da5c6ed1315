package io.securememory.crypto;

/** The hash functions of FIPS 180-4 that an HMAC is computed with. */
public enum HashFunction {
    /** SHA-256: blocks of 64 bytes, and words of four bytes. */
    SHA_256(Integer.BYTES, 32, 112),
    /** SHA-384: blocks of 128 bytes, and words of eight bytes. */
    SHA_384(Long.BYTES, 48, 216),
    /** SHA-512: blocks of 128 bytes, and words of eight bytes. */
    SHA_512(Long.BYTES, 64, 216);

    private static final int WORDS_OF_BLOCK = 16;
    private static final int WORDS_OF_STATE = 8;

    private final int wordSize;
    private final int digestSize;
    private final int contextSize;

    HashFunction(int wordSize, int digestSize, int contextSize) {
        this.wordSize = wordSize;
        this.digestSize = digestSize;
        this.contextSize = contextSize;
    }

    int wordSize() {
        return wordSize;
    }

    int blockSize() {
        return WORDS_OF_BLOCK * wordSize;
    }

    int stateSize() {
        return WORDS_OF_STATE * wordSize;
    }

    /**
     * Returns the length of a digest, and of an HMAC.
     *
     * @return bytes
     */
    public int digestSize() {
        return digestSize;
    }

    /**
     * Returns the size of libcrypto's context: {@code sizeof(SHA256_CTX)} or {@code sizeof(SHA512_CTX)} of its sha.h.
     *
     * @return bytes
     */
    public int contextSize() {
        return contextSize;
    }
}
