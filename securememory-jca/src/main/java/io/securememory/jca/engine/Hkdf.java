package io.securememory.jca.engine;

/** What HKDF derives, and how. Source: RFC 5869. */
public final class Hkdf {

    /** Most digests that a result consists of. */
    private static final int MOST_BLOCKS = 255;

    /** OpenSSL 3.0 takes no more. */
    private static final int LONGEST_INFO = 1024;

    private final Digest digest;
    private final byte[] salt;
    private final byte[] info;
    private final int length;

    /**
     * Creates a derivation.
     *
     * @param digest the digest
     * @param salt the salt, which may be empty; copied
     * @param info what the result is for, which may be empty; copied
     * @param length bytes of the result
     * @throws IllegalArgumentException if the length is not positive or above 255 digests, or if {@code info} has more
     *     than 1,024 bytes
     */
    public Hkdf(Digest digest, byte[] salt, byte[] info, int length) {
        if (length < 1 || length > MOST_BLOCKS * digest.size()) {
            throw new IllegalArgumentException("the length is " + length + ", expected 1 to "
                    + MOST_BLOCKS * digest.size() + " bytes for " + digest.standardName());
        }
        if (info.length > LONGEST_INFO) {
            throw new IllegalArgumentException(
                    "info has " + info.length + " bytes, expected at most " + LONGEST_INFO + "; use a digest of it");
        }
        this.digest = digest;
        this.salt = salt.clone();
        this.info = info.clone();
        this.length = length;
    }

    Digest digest() {
        return digest;
    }

    byte[] salt() {
        return salt;
    }

    byte[] info() {
        return info;
    }

    int length() {
        return length;
    }
}
