package io.securememory.spring.boot.sources;

import io.securememory.SecretView;
import io.securememory.spring.boot.sources.JsonScanner.MalformedException;
import io.securememory.spring.boot.sources.JsonScanner.Problem;

/** A text in quotes, as JSON writes it: checked to be UTF-8, and without its escapes. */
final class JsonText {

    /** Takes the bytes that a text stands for, in UTF-8. */
    @FunctionalInterface
    interface Taker {
        void take(byte value);
    }

    private static final int QUOTE = '"';

    private final SecretView text;
    private final int end;
    private int at;

    /** @param end how much of the view is JSON */
    JsonText(SecretView text, int end) {
        this.text = text;
        this.end = end;
    }

    /**
     * Reads a text.
     *
     * @param from index of the opening quote
     * @return the index after the closing quote
     * @throws MalformedException if there is no such text
     */
    int read(int from, Taker taker) {
        at = from;
        if (next() != QUOTE) {
            throw unexpected();
        }
        for (int first = next(); first != QUOTE; first = next()) {
            if (first < 0x20) {
                throw unexpected();
            }
            if (first == '\\') {
                escape(taker);
            } else if (first < 0x80) {
                taker.take((byte) first);
            } else {
                sequence(first, taker);
            }
        }
        return at;
    }

    /** Reads the rest of a character of several bytes: those of UTF-8 that are the shortest, and no surrogate. */
    private void sequence(int first, Taker taker) {
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4) {
            throw unexpected();
        }
        taker.take((byte) first);
        for (int i = 0; i < more; i++) {
            int value = next();
            int least = i == 0 && first == 0xe0 ? 0xa0 : i == 0 && first == 0xf0 ? 0x90 : 0x80;
            int most = i == 0 && first == 0xed ? 0x9f : i == 0 && first == 0xf4 ? 0x8f : 0xbf;
            if (value < least || value > most) {
                throw unexpected();
            }
            taker.take((byte) value);
        }
    }

    private void escape(Taker taker) {
        switch (next()) {
            case '"' -> taker.take((byte) '"');
            case '\\' -> taker.take((byte) '\\');
            case '/' -> taker.take((byte) '/');
            case 'b' -> taker.take((byte) '\b');
            case 'f' -> taker.take((byte) '\f');
            case 'n' -> taker.take((byte) '\n');
            case 'r' -> taker.take((byte) '\r');
            case 't' -> taker.take((byte) '\t');
            case 'u' -> encode(codePoint(), taker);
            default -> throw unexpected();
        }
    }

    /** Reads what follows {@code \}{@code u}, with the second half of a pair. */
    private int codePoint() {
        int first = unit();
        if (first < Character.MIN_SURROGATE || first > Character.MAX_SURROGATE) {
            return first;
        }
        if (first > Character.MAX_HIGH_SURROGATE || next() != '\\' || next() != 'u') {
            throw unexpected();
        }
        int second = unit();
        if (second < Character.MIN_LOW_SURROGATE || second > Character.MAX_LOW_SURROGATE) {
            throw unexpected();
        }
        return 0x10000 + ((first - Character.MIN_HIGH_SURROGATE) << 10) + (second - Character.MIN_LOW_SURROGATE);
    }

    private int unit() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = next();
            int value = digit >= '0' && digit <= '9'
                    ? digit - '0'
                    : (digit | 0x20) >= 'a' && (digit | 0x20) <= 'f' && digit >= 'A' ? (digit | 0x20) - 'a' + 10 : -1;
            if (value < 0) {
                throw unexpected();
            }
            unit = (unit << 4) | value;
        }
        return unit;
    }

    private static void encode(int codePoint, Taker taker) {
        if (codePoint < 0x80) {
            taker.take((byte) codePoint);
            return;
        }
        int more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
        int mark = more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0;
        taker.take((byte) (mark | (codePoint >> (6 * more))));
        for (int rest = more - 1; rest >= 0; rest--) {
            taker.take((byte) (0x80 | ((codePoint >> (6 * rest)) & 0x3f)));
        }
    }

    /** Returns the next byte, or -1 at the end, and goes on. */
    private int next() {
        int value = at < end ? text.get(at) & 0xff : -1;
        at++;
        return value;
    }

    private MalformedException unexpected() {
        return new MalformedException(Problem.SYNTAX, at - 1);
    }
}
