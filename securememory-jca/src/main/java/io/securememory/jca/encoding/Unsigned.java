package io.securememory.jca.encoding;

import io.securememory.MalformedSecretException;
import io.securememory.SecretView;
import io.securememory.memguard.MutableView;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * An unsigned number in native memory, its highest byte first. It is read one byte at a time, and its time depends on
 * lengths only.
 *
 * @param bytes the number; not empty
 * @param position where it is, for messages
 */
record Unsigned(SecretView bytes, int position) {

    /** A prime, 2^61 - 1, by which remainders are computed by shifts. */
    private static final long PRIME = (1L << 61) - 1;

    private static final int PRIME_BITS = 61;

    /**
     * Reads an integer of DER.
     *
     * @throws MalformedSecretException if it is negative, or longer than it has to be
     */
    static Unsigned of(DerReader reader) {
        DerReader content = reader.enter(DerReader.INTEGER);
        SecretView bytes = content.view();
        if (!content.hasMore()) {
            throw content.malformed();
        }
        if (bytes.get(0) < 0) {
            throw new MalformedSecretException(
                    content.position(),
                    "one of its numbers is negative: it is damaged, or openssl pkey -in <key> -out <file> repairs it");
        }
        boolean hasZero = bytes.get(0) == 0 && bytes.length() > 1;
        if (hasZero && bytes.get(1) >= 0) {
            throw new MalformedSecretException(
                    content.position(),
                    "one of its numbers begins with zeros: it is damaged, or openssl pkey -in <key> -out <file>"
                            + " repairs it");
        }
        return new Unsigned(hasZero ? bytes.slice(1, bytes.length() - 1) : bytes, content.position());
    }

    int length() {
        return bytes.length();
    }

    /** Returns how many bits a number of DER has, which its length and its first byte say. */
    int bitLength() {
        return bytes.length() * Byte.SIZE
                - (Integer.numberOfLeadingZeros(bytes.get(0) & 0xFF) - (Integer.SIZE - Byte.SIZE));
    }

    boolean isOdd() {
        return (bytes.get(bytes.length() - 1) & 1) == 1;
    }

    boolean isZero() {
        int bits = 0;
        for (int i = 0; i < bytes.length(); i++) {
            bits |= bytes.get(i);
        }
        return bits == 0;
    }

    boolean isLessThan(Unsigned other) {
        int borrow = 0;
        for (int i = 0; i < Math.max(length(), other.length()); i++) {
            borrow = (digit(i) - other.digit(i) - borrow) >>> (Integer.SIZE - 1);
        }
        return borrow == 1;
    }

    /** Compares with a public number. */
    boolean isLessThan(BigInteger other) {
        byte[] bound = other.toByteArray();
        int borrow = 0;
        for (int i = 0; i < Math.max(length(), bound.length); i++) {
            int subtracted = i < bound.length ? bound[bound.length - 1 - i] & 0xFF : 0;
            borrow = (digit(i) - subtracted - borrow) >>> (Integer.SIZE - 1);
        }
        return borrow == 1;
    }

    /** Returns a byte, counted from the lowest one. */
    private int digit(int index) {
        return index < length() ? bytes.get(length() - 1 - index) & 0xFF : 0;
    }

    /**
     * Tells whether two numbers can be the factors of a third one: whether that is so modulo a prime. The remainders say
     * too little of the numbers to find them.
     */
    static boolean areFactors(Unsigned one, Unsigned two, Unsigned product) {
        return multiplied(one.remainder(), two.remainder()) == product.remainder();
    }

    private long remainder() {
        long remainder = 0;
        for (int i = 0; i < bytes.length(); i++) {
            long shifted = (remainder << Byte.SIZE & PRIME) | remainder >>> (PRIME_BITS - Byte.SIZE);
            remainder = reduced(shifted + (bytes.get(i) & 0xFF));
        }
        return remainder;
    }

    private static long multiplied(long one, long two) {
        long high = Math.multiplyHigh(one, two) << (Long.SIZE - PRIME_BITS);
        long low = one * two;
        return reduced((low & PRIME) + (high | low >>> PRIME_BITS));
    }

    /** The argument is less than twice the prime. */
    private static long reduced(long number) {
        long less = number - PRIME;
        return less + (less >> (Long.SIZE - 1) & PRIME);
    }

    /** Copies a number that is not secret. */
    BigInteger publicValue() {
        byte[] copy = new byte[length()];
        bytes.copyTo(0, copy, 0, copy.length);
        return new BigInteger(1, copy);
    }

    /** Fills a target, which is not shorter, with the number in the byte order of the machine. */
    void copyTo(MutableView target) {
        boolean lowestFirst = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        int last = target.length() - 1;
        for (int i = 0; i <= last; i++) {
            target.put(lowestFirst ? i : last - i, (byte) digit(i));
        }
    }
}
