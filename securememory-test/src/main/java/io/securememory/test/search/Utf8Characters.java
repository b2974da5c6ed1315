package io.securememory.test.search;

/** Decodes UTF-8 without a copy of the text. Source: RFC 3629. */
final class Utf8Characters {

    private static final int CONTINUATION_BITS = 6;
    private static final int CONTINUATION = 0x80;
    private static final int CONTINUATION_MASK = 0x3f;
    private static final int LEADING_MASK = 0xff;
    private static final int TWO = 0xc0;
    private static final int THREE = 0xe0;
    private static final int FOUR = 0xf0;

    private Utf8Characters() {}

    /** Gets characters. */
    @FunctionalInterface
    interface Consumer {

        /** Takes a code unit of UTF-16. Returns false to stop. */
        boolean take(int unit);
    }

    /** Tells whether a secret is well-formed UTF-8 with at least one character that is no ASCII. */
    static boolean areIn(Octets secret) {
        boolean found = false;
        for (int i = 0; i < secret.length(); ) {
            int size = size(secret, i);
            if (size == 0) {
                return false;
            }
            found |= size > 1;
            i += size;
        }
        return found;
    }

    /**
     * Passes on the units of UTF-16 of a secret.
     *
     * @param utf8 whether it is UTF-8; otherwise each byte is a character
     * @return false if the consumer stopped
     */
    static boolean each(Octets secret, boolean utf8, Consumer consumer) {
        for (int i = 0; i < secret.length(); ) {
            int size = utf8 ? size(secret, i) : 1;
            int point = size == 1 ? secret.get(i) & LEADING_MASK : point(secret, i, size);
            boolean goesOn = Character.isBmpCodePoint(point)
                    ? consumer.take(point)
                    : consumer.take(Character.highSurrogate(point)) && consumer.take(Character.lowSurrogate(point));
            if (!goesOn) {
                return false;
            }
            i += size;
        }
        return true;
    }

    /** Returns the number of bytes of a character, or 0 if it is malformed. */
    private static int size(Octets secret, int at) {
        int first = secret.get(at) & LEADING_MASK;
        if (first < CONTINUATION) {
            return 1;
        }
        int size = first < TWO ? 0 : first < THREE ? 2 : first < FOUR ? 3 : first < 0xf8 ? 4 : 0;
        if (size == 0 || at + size > secret.length()) {
            return 0;
        }
        for (int i = 1; i < size; i++) {
            if ((secret.get(at + i) & TWO) != CONTINUATION) {
                return 0;
            }
        }
        return Character.isValidCodePoint(point(secret, at, size)) ? size : 0;
    }

    private static int point(Octets secret, int at, int size) {
        int point = secret.get(at) & (LEADING_MASK >> (size + 1));
        for (int i = 1; i < size; i++) {
            point = (point << CONTINUATION_BITS) | (secret.get(at + i) & CONTINUATION_MASK);
        }
        return point;
    }
}
