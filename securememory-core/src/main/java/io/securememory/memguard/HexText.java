package io.securememory.memguard;

import static io.securememory.memguard.Characters.between;

import io.securememory.MalformedSecretException;
import io.securememory.SecretView;

/** Hexadecimal text in native memory. */
final class HexText {

    private HexText() {}

    /**
     * Checks a part of a view.
     *
     * @param from first character
     * @param end the one after the last
     * @return number of bytes that they stand for
     * @throws MalformedSecretException if a character is no hexadecimal digit, or the last one is missing
     */
    static int check(SecretView text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (value(text.get(i)) < 0) {
                throw new MalformedSecretException(i, "it has a character that is no hexadecimal digit");
            }
        }
        if ((end - from) % 2 != 0) {
            throw new MalformedSecretException(end, "it has an odd number of hexadecimal digits");
        }
        return (end - from) / 2;
    }

    /** Decodes text that was checked, which may be in the target. */
    static void decode(SecretView text, int from, int end, MutableView target) {
        for (int i = from, to = 0; i < end; i += 2, to++) {
            target.put(to, (byte) (value(text.get(i)) << 4 | value(text.get(i + 1))));
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
