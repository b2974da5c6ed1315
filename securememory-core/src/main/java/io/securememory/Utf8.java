package io.securememory;

import io.securememory.memguard.MutableView;

/**
 * Encodes characters as UTF-8 straight into native memory. The JDK's encoder would need a buffer over the pages, which
 * no code outside of the package {@code memguard} may hold. Source: RFC 3629.
 */
final class Utf8 {

    private Utf8() {}

    /** Returns the number of bytes of the encoded text, after checking all of it. */
    static int length(char[] text) {
        long length = 0;
        for (int i = 0; i < text.length; i++) {
            char c = text[i];
            if (c < 0x80) {
                length += 1;
            } else if (c < 0x800) {
                length += 2;
            } else if (!Character.isSurrogate(c)) {
                length += 3;
            } else {
                requirePair(text, i++);
                length += 4;
            }
        }
        return Math.toIntExact(length);
    }

    private static void requirePair(char[] text, int index) {
        boolean pair = Character.isHighSurrogate(text[index])
                && index + 1 < text.length
                && Character.isLowSurrogate(text[index + 1]);
        if (!pair) {
            throw new IllegalArgumentException("source has a surrogate without its partner at index " + index);
        }
    }

    static void encode(char[] text, MutableView target) {
        int at = 0;
        for (int i = 0; i < text.length; i++) {
            int code = text[i];
            if (Character.isHighSurrogate((char) code)) {
                code = Character.toCodePoint(text[i], text[++i]);
            }
            at = put(code, target, at);
        }
    }

    private static int put(int code, MutableView target, int at) {
        if (code < 0x80) {
            target.put(at, (byte) code);
            return at + 1;
        }
        int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        int lead = (0xFF00 >>> (more + 1)) & 0xFF;
        target.put(at, (byte) (lead | (code >>> (6 * more))));
        for (int i = 1; i <= more; i++) {
            target.put(at + i, (byte) (0x80 | ((code >>> (6 * (more - i))) & 0x3F)));
        }
        return at + 1 + more;
    }
}
