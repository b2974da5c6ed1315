package io.securememory.memguard;

import static io.securememory.memguard.Characters.between;
import static io.securememory.memguard.Characters.is;

import io.securememory.MalformedSecretException;
import io.securememory.SecretView;
import org.jspecify.annotations.Nullable;

/**
 * Base64 text in native memory, decoded by one pass that checks and another one that writes.
 *
 * <p>At most three bytes are outside native memory at a time: those of the group that is being decoded. They are overwritten
 * by the next group and at the end.
 *
 * <p>Strict: one alphabet, one text for the same bytes but for line breaks and left out padding. Source: RFC 4648.
 */
final class Base64Text {

    private static final int STANDARD = 1;
    private static final int URL_SAFE = 2;

    private final SecretView text;
    private final int end;

    /** Null while the text is checked. */
    private final @Nullable MutableView target;

    private int symbols;
    private int padding;
    private int alphabets;
    private int written;

    /** Bits of the current group of four symbols. */
    private int group;

    private Base64Text(SecretView text, int end, @Nullable MutableView target) {
        this.text = text;
        this.end = end;
        this.target = target;
    }

    /**
     * Checks a part of a view.
     *
     * @param from first character
     * @param end the one after the last
     * @return number of bytes that they stand for
     * @throws MalformedSecretException if this is not Base64
     */
    static int check(SecretView text, int from, int end) {
        return new Base64Text(text, end, null).run(from);
    }

    /** Decodes text that was checked, which may be in the target: no byte is written before what it stands for was read. */
    static void decode(SecretView text, int from, int end, MutableView target) {
        new Base64Text(text, end, target).run(from);
    }

    private int run(int from) {
        try {
            int next = from;
            while (next < end) {
                int breakLength = lineBreak(next);
                if (breakLength == 0) {
                    take(next, text.get(next));
                    next++;
                } else if (next == from || next + breakLength == end || lineBreak(next + breakLength) > 0) {
                    throw new MalformedSecretException(next, "it has a line break that is not between two characters");
                } else {
                    next += breakLength;
                }
            }
            finish();
            return written;
        } finally {
            group = 0;
        }
    }

    private int lineBreak(int at) {
        byte first = text.get(at);
        if (first == '\n') {
            return 1;
        }
        return first == '\r' && at + 1 < end && text.get(at + 1) == '\n' ? 2 : 0;
    }

    private void take(int at, byte character) {
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
            throw new MalformedSecretException(end, "it ends in the middle of a group of four characters");
        }
        int unused = rest == 2 ? group & 0xF : rest == 3 ? group & 0x3 : 0;
        if (unused != 0) {
            throw new MalformedSecretException(lastSymbol(), "its last character has bits that belong to no byte");
        }
        if (rest == 2) {
            write(group >> 4);
        } else if (rest == 3) {
            write(group >> 10);
            write(group >> 2);
        }
    }

    private int lastSymbol() {
        int at = end - 1;
        while (value(text.get(at)) < 0) {
            at--;
        }
        return at;
    }

    private void write(int bits) {
        if (target != null) {
            target.put(written, (byte) bits);
        }
        written++;
    }

    /** The value of a character of either alphabet, or -1. */
    private static int value(byte character) {
        int value = -1;
        value += between(character, 'A', 'Z') & (character - 'A' + 1);
        value += between(character, 'a', 'z') & (character - 'a' + 27);
        value += between(character, '0', '9') & (character - '0' + 53);
        value += (is(character, '+') | is(character, '-')) & 63;
        value += (is(character, '/') | is(character, '_')) & 64;
        return value;
    }

    private static int alphabet(byte character) {
        return ((is(character, '+') | is(character, '/')) & STANDARD)
                | ((is(character, '-') | is(character, '_')) & URL_SAFE);
    }
}
