package io.securememory.spring.boot.autoconfigure;

import static io.securememory.spring.boot.autoconfigure.Characters.between;

import io.securememory.SecretView;
import io.securememory.memguard.MutableView;

/** Hexadecimal text in native memory. */
final class HexText {

    private HexText() {}

    /**
     * Checks the start of a view.
     *
     * @param end number of characters
     * @return number of bytes that they stand for
     * @throws MalformedTextException if a character is no hexadecimal digit, or the last one is missing
     */
    static int check(SecretView text, int end) {
        for (int i = 0; i < end; i++) {
            if (value(text.get(i)) < 0) {
                throw new MalformedTextException(i, "it has a character that is no hexadecimal digit");
            }
        }
        if (end % 2 != 0) {
            throw new MalformedTextException(end, "it has an odd number of hexadecimal digits");
        }
        return end / 2;
    }

    /** Decodes text that was checked. */
    static void decode(SecretView text, MutableView target) {
        for (int i = 0; i < target.length(); i++) {
            target.put(i, (byte) (value(text.get(2 * i)) << 4 | value(text.get(2 * i + 1))));
        }
    }

    /** The value of a digit, or -1. */
    private static int value(byte character) {
        int value = -1;
        value += between(character, '0', '9') & (character - '0' + 1);
        value += between(character, 'A', 'F') & (character - 'A' + 11);
        value += between(character, 'a', 'f') & (character - 'a' + 11);
        return value;
    }
}
