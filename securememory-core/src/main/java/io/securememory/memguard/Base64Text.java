package io.securememory.memguard;

import static io.securememory.memguard.Characters.between;
import static io.securememory.memguard.Characters.is;
import static io.securememory.memguard.Characters.isBlank;

import io.securememory.MalformedSecretException;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Base64 text in native memory. It is decoded in two passes: the first one checks, the second one writes.
 *
 * <p>At most three bytes at a time are outside native memory: those of the group that is being decoded. The next group
 * overwrites them, and so does the end.
 *
 * <p>Strict: the text must use one alphabet only, and has one form for given bytes, apart from blanks, line breaks and
 * missing padding. Only in PEM, unused bits of the last character may have any value, as other readers of PEM do not
 * check them. Source: RFC 4648.
 */
final class Base64Text {

    private static final int STANDARD = 1;
    private static final int URL_SAFE = 2;

    private final IntUnaryOperator text;
    private final int end;
    private final boolean strict;

    /** Null in the pass that checks. */
    private final @Nullable ByteSink target;

    /** Position after the last character that is not blank. */
    private int position;

    /** Position of the last character that stands for bits. */
    private int lastSymbol;

    private int symbols;
    private int padding;
    private int alphabets;
    private int written;

    /** Bits of the current group of four symbols. */
    private int group;

    private Base64Text(IntUnaryOperator text, int from, int end, boolean strict, @Nullable ByteSink target) {
        this.text = text;
        this.end = end;
        this.strict = strict;
        this.target = target;
        this.position = from;
    }

    /**
     * Checks a part of a text.
     *
     * @param from first character
     * @param end index after the last character
     * @param strict whether unused bits of the last character must be zeros
     * @return number of bytes that the part stands for; 0 if it is blank
     * @throws MalformedSecretException if it is not Base64
     */
    static int check(IntUnaryOperator text, int from, int end, boolean strict) {
        return new Base64Text(text, from, end, strict, null).run(from);
    }

    /**
     * Decodes checked text. The target may be the memory of the text, as each character is read before its place is
     * overwritten.
     */
    static void decode(IntUnaryOperator text, int from, int end, ByteSink target) {
        new Base64Text(text, from, end, false, target).run(from);
    }

    private int run(int from) {
        try {
            for (int i = from; i < end; i++) {
                int character = text.applyAsInt(i);
                if (!isBlank(character)) {
                    take(i, character);
                    position = i + 1;
                }
            }
            finish();
            return written;
        } finally {
            group = 0;
        }
    }

    private void take(int at, int character) {
        if (character == '=') {
            padding++;
            if (symbols % 4 + padding > 4 || symbols % 4 < 2) {
                throw new MalformedSecretException(at, "it has padding where none belongs");
            }
            return;
        }
        int value = value(character);
        if (value < 0) {
            throw new MalformedSecretException(at, "it has a character that is not in the alphabet of Base64");
        }
        if (padding > 0) {
            throw new MalformedSecretException(at, "it has a character behind the padding");
        }
        alphabets |= alphabet(character);
        if (alphabets == (STANDARD | URL_SAFE)) {
            throw new MalformedSecretException(at, "it mixes the standard and the URL-safe alphabet");
        }
        lastSymbol = at;
        group = group << 6 | value;
        symbols++;
        if (symbols % 4 == 0) {
            write(group >> 16);
            write(group >> 8);
            write(group);
            group = 0;
        }
    }

    private void finish() {
        int rest = symbols % 4;
        if (rest == 1 || (padding > 0 && rest + padding != 4)) {
            throw new MalformedSecretException(position, "it ends in the middle of a group of four characters");
        }
        int unused = rest == 2 ? group & 0xF : rest == 3 ? group & 0x3 : 0;
        if (strict && unused != 0) {
            throw new MalformedSecretException(lastSymbol, "its last character has bits that belong to no byte");
        }
        if (rest == 2) {
            write(group >> 4);
        } else if (rest == 3) {
            write(group >> 10);
            write(group >> 2);
        }
    }

    private void write(int bits) {
        if (target != null) {
            target.put(written, (byte) bits);
        }
        written++;
    }

    /** Returns the value of a character of either alphabet, or -1. */
    private static int value(int character) {
        int value = -1;
        value += between(character, 'A', 'Z') & (character - 'A' + 1);
        value += between(character, 'a', 'z') & (character - 'a' + 27);
        value += between(character, '0', '9') & (character - '0' + 53);
        value += (is(character, '+') | is(character, '-')) & 63;
        value += (is(character, '/') | is(character, '_')) & 64;
        return value;
    }

    private static int alphabet(int character) {
        return ((is(character, '+') | is(character, '/')) & STANDARD)
                | ((is(character, '-') | is(character, '_')) & URL_SAFE);
    }
}
