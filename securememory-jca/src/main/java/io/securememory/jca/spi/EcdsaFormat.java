package io.securememory.jca.spi;

import io.securememory.jca.engine.Curve;
import java.security.SignatureException;

/** The two forms of a signature of ECDSA. Source: RFC 3279 section 2.2.3; IEEE P1363. */
final class EcdsaFormat {

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int LONG_FORM = 0x81;

    private EcdsaFormat() {}

    /** Turns DER into two numbers that are as wide as the curve's order. */
    static byte[] plain(byte[] der, Curve curve) throws SignatureException {
        int size = curve.size();
        byte[] plain = new byte[2 * size];
        try {
            int at = (der[1] & 0xFF) == LONG_FORM ? 3 : 2;
            boolean isSequence = der[0] == SEQUENCE;
            int first = der[at + 1];
            int second = at + 2 + first;
            if (isSequence && der[at] == INTEGER && der[second] == INTEGER) {
                copy(der, at + 2, first, plain, size);
                copy(der, second + 2, der[second + 1], plain, 2 * size);
                return plain;
            }
        } catch (IndexOutOfBoundsException e) {
            throw new SignatureException("The signature is not in DER.", e);
        }
        throw new SignatureException("The signature is not in DER.");
    }

    /** Copies a number so that it ends before an index. Drops the zero of its sign. */
    private static void copy(byte[] der, int from, int length, byte[] target, int end) {
        int skipped = der[from] == 0 ? 1 : 0;
        System.arraycopy(der, from + skipped, target, end - length + skipped, length - skipped);
    }
}
