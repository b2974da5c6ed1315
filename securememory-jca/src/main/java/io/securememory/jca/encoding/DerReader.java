package io.securememory.jca.encoding;

import io.securememory.MalformedSecretException;
import io.securememory.SecretView;
import java.util.HexFormat;

/**
 * Reads DER elements in native memory, one after the other. Their content stays there, unless a method copies it out.
 *
 * <p>Source: X.690, sections 8.1 and 10.1.
 */
final class DerReader {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

    /** Tag 0 of a context, constructed: with elements inside. */
    static final int CONTEXT_0 = 0xA0;

    /** Tag 1 of a context, constructed. */
    static final int CONTEXT_1 = 0xA1;

    /** Tag 1 of a context, in the place of the tag of something that has no elements inside. */
    static final int IMPLICIT_1 = 0x81;

    /** Longer than any identifier or initialization vector. */
    private static final int MAX_PUBLIC = 64;

    /** Enough for the length of any secret, which has less than 2^24 bytes. */
    private static final int MAX_LENGTH_BYTES = 3;

    private final SecretView bytes;
    private final int end;
    private final String problem;
    private int position;

    /**
     * @param problem the message if the bytes are not what is expected
     */
    DerReader(SecretView bytes, String problem) {
        this(bytes, 0, bytes.length(), problem);
    }

    private DerReader(SecretView bytes, int from, int end, String problem) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
        this.problem = problem;
    }

    int position() {
        return position;
    }

    int end() {
        return end;
    }

    boolean hasMore() {
        return position < end;
    }

    /** Tells whether an element with this tag comes next. */
    boolean isNext(int tag) {
        return position < end && (bytes.get(position) & 0xFF) == tag;
    }

    /**
     * Returns a reader for the content of the next element, and moves this reader behind that element.
     *
     * @return the reader for the content
     * @throws MalformedSecretException if an element with another tag comes next, or if the element is incomplete
     */
    DerReader enter(int tag) {
        if (hasMore() && !isNext(tag)) {
            throw malformed();
        }
        next();
        int length = length();
        if (length > end - position) {
            throw new MalformedSecretException(end, "it does not have the length that its first bytes say");
        }
        position += length;
        return new DerReader(bytes, position - length, position, problem);
    }

    /** Returns a view of what is left, without copying it. */
    SecretView view() {
        return bytes.slice(position, end - position);
    }

    /**
     * Checks that nothing is left.
     *
     * @throws MalformedSecretException if something is
     */
    void requireEnd() {
        if (hasMore()) {
            throw malformed();
        }
    }

    void skip(int tag) {
        enter(tag);
    }

    /** Reads a number that is not secret, such as a version or a count. */
    int number() {
        DerReader content = enter(INTEGER);
        if (content.end - content.position > Integer.BYTES || !content.hasMore()) {
            throw content.malformed();
        }
        int number = 0;
        while (content.hasMore()) {
            number = number << 8 | content.next();
        }
        return number;
    }

    /** Copies the content of a short element that is not secret. */
    byte[] publicContent(int tag) {
        return publicContent(tag, MAX_PUBLIC);
    }

    /**
     * Copies the content of an element that is not secret.
     *
     * @param most the most bytes that the content may have
     */
    byte[] publicContent(int tag, int most) {
        DerReader content = enter(tag);
        int length = content.end - content.position;
        if (length > most) {
            throw content.malformed();
        }
        byte[] copy = new byte[length];
        bytes.copyTo(content.position, copy, 0, length);
        return copy;
    }

    /** Reads an object identifier, and returns its bytes as hexadecimal digits. */
    String identifier() {
        return HexFormat.of().formatHex(publicContent(OBJECT_IDENTIFIER));
    }

    MalformedSecretException malformed() {
        return new MalformedSecretException(position, problem);
    }

    private int length() {
        int first = next();
        if (first < 0x80) {
            return first;
        }
        int count = first - 0x80;
        if (count < 1 || count > MAX_LENGTH_BYTES) {
            throw malformed();
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = (length << 8) | next();
        }
        return length;
    }

    private int next() {
        if (position >= end) {
            throw malformed();
        }
        return bytes.get(position++) & 0xFF;
    }

    /** Returns the tag and length of an element with so many bytes of content, in the only form that DER allows. */
    static byte[] header(int tag, int length) {
        if (length < 0x80) {
            return new byte[] {(byte) tag, (byte) length};
        }
        if (length < 0x100) {
            return new byte[] {(byte) tag, (byte) 0x81, (byte) length};
        }
        if (length < 0x10000) {
            return new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        }
        return new byte[] {(byte) tag, (byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
    }
}
