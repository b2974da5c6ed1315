package io.securememory.memguard;

import static io.securememory.memguard.Characters.between;
import static io.securememory.memguard.Characters.isBlank;

import io.securememory.MalformedSecretException;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Hexadecimal text in native memory. It is decoded in two passes: the first one checks, the second one writes.
 *
 * <p>Bytes may be written as tools do: without anything between them, in lines of any length, with blanks or colons
 * between them, after {@code 0x}. Blanks between the two digits of a byte are refused, because a digit may be missing
 * there; line breaks are not.
 */
final class HexText {

    private static final int NONE = -1;

    private final IntUnaryOperator text;
    private final int end;

    /** Null in the pass that checks. */
    private final @Nullable ByteSink target;

    private int digits;
    private int written;

    /** The first digit of a byte, until the second one is read. */
    private int first;

    /** Position after the last digit. */
    private int position;

    /** Position of the first blank after the first digit of a byte, or {@link #NONE}. */
    private int gap = NONE;

    /** Position of a colon that no digit has followed yet, or {@link #NONE}. */
    private int colon = NONE;

    private HexText(IntUnaryOperator text, int end, @Nullable ByteSink target) {
        this.text = text;
        this.end = end;
        this.target = target;
    }

    /**
     * Checks a part of a text.
     *
     * @param from first character
     * @param end index after the last character
     * @return number of bytes that the part stands for; 0 if it is blank
     * @throws MalformedSecretException if a character is not allowed here, or the last digit is missing
     */
    static int check(IntUnaryOperator text, int from, int end) {
        return new HexText(text, end, null).run(from);
    }

    /** Decodes checked text. The target may be the memory of the text. */
    static void decode(IntUnaryOperator text, int from, int end, ByteSink target) {
        new HexText(text, end, target).run(from);
    }

    private int run(int from) {
        try {
            for (int i = afterPrefix(from); i < end; i++) {
                take(i, text.applyAsInt(i));
            }
            if (digits % 2 != 0) {
                throw new MalformedSecretException(position, "it has an odd number of hexadecimal digits");
            }
            if (colon != NONE) {
                throw strayColon(colon);
            }
            return written;
        } finally {
            first = 0;
        }
    }

    private int afterPrefix(int from) {
        int at = from;
        while (at < end && isBlank(text.applyAsInt(at))) {
            at++;
        }
        boolean prefixed = at + 1 < end && text.applyAsInt(at) == '0' && (text.applyAsInt(at + 1) | 0x20) == 'x';
        if (prefixed && at + 2 == end) {
            throw new MalformedSecretException(end, "it has nothing behind 0x");
        }
        return prefixed ? at + 2 : at;
    }

    private void take(int at, int character) {
        if (isBlank(character)) {
            boolean lineBreak = character == '\n' || character == '\r';
            if (digits % 2 != 0 && !lineBreak && gap == NONE) {
                gap = at;
            }
        } else if (character == ':') {
            if (digits % 2 != 0 || digits == 0 || colon != NONE) {
                throw strayColon(at);
            }
            colon = at;
        } else {
            digit(at, value(character));
        }
    }

    private void digit(int at, int value) {
        if (value < 0) {
            throw new MalformedSecretException(at, "it has a character that is no hexadecimal digit");
        }
        if (gap != NONE) {
            throw new MalformedSecretException(gap, "it has a blank between the two digits of a byte");
        }
        colon = NONE;
        position = at + 1;
        if (digits++ % 2 == 0) {
            first = value;
        } else {
            if (target != null) {
                target.put(written, (byte) (first << 4 | value));
            }
            written++;
        }
    }

    private static MalformedSecretException strayColon(int at) {
        return new MalformedSecretException(at, "it has a colon that is not between two bytes");
    }

    /** Returns the value of a digit, or -1. */
    private static int value(int character) {
        int value = -1;
        value += between(character, '0', '9') & (character - '0' + 1);
        value += between(character, 'A', 'F') & (character - 'A' + 11);
        value += between(character, 'a', 'f') & (character - 'a' + 11);
        return value;
    }
}
