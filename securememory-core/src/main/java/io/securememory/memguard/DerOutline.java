package io.securememory.memguard;

/**
 * The first tags of a structure in DER, each at the start of the one before it. Keeps nothing else of the bytes.
 *
 * <p>A certificate is a sequence that begins with a sequence, which begins with a version or a number. A private key
 * begins with a number, or with the name of its encryption.
 *
 * <p>Source: RFC 5280 section 4.1, RFC 5652 section 3, RFC 5958, RFC 8017 appendix A.1.2, RFC 5915.
 */
final class DerOutline implements ByteSink {

    private static final int NOWHERE = -1;
    private static final int INTEGER = 0x02;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int SEQUENCE = 0x30;
    private static final int VERSION = 0xA0;

    private final int[] tags = new int[3];
    private int count;
    private int tagAt;
    private int lengthAt = NOWHERE;

    @Override
    public void put(int index, byte value) {
        if (index == tagAt) {
            tags[count] = value & 0xFF;
            boolean inside = tags[count] == SEQUENCE && ++count < tags.length;
            tagAt = NOWHERE;
            lengthAt = inside ? index + 1 : NOWHERE;
        } else if (index == lengthAt) {
            tagAt = index + 1 + (value < 0 ? value & 0x7F : 0);
            lengthAt = NOWHERE;
        }
    }

    /** Whether it may be a certificate, or an envelope of PKCS#7, which begins with its name. */
    boolean isOfCertificate() {
        if (tags[0] != SEQUENCE) {
            return false;
        }
        return tags[1] == OBJECT_IDENTIFIER || (tags[1] == SEQUENCE && (tags[2] == VERSION || tags[2] == INTEGER));
    }
}
