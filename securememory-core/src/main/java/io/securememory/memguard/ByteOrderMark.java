package io.securememory.memguard;

import io.securememory.MalformedSecretException;
import java.util.function.IntUnaryOperator;

/** The byte order mark that some editors write at the start of text. */
final class ByteOrderMark {

    private static final int[] UTF_8 = {0xEF, 0xBB, 0xBF};
    private static final int[] UTF_16 = {0xFE, 0xFF};
    private static final int[] UTF_16_SWAPPED = {0xFF, 0xFE};

    private ByteOrderMark() {}

    /** Returns where the text begins: after the mark of UTF-8, if there is one. */
    static int skip(IntUnaryOperator text, int from, int end) {
        return is(UTF_8, text, from, end) ? from + UTF_8.length : from;
    }

    /**
     * Refuses text in UTF-16: that with its mark, and with a zero beside a character of ASCII. Without any such zero, the
     * mark is just two bytes of another character set.
     *
     * @throws MalformedSecretException if this is UTF-16
     */
    static void refuseUtf16(IntUnaryOperator text, int from, int end) {
        if ((is(UTF_16, text, from, end) && hasAscii(text, from, from + 1, end))
                || (is(UTF_16_SWAPPED, text, from, end) && hasAscii(text, from + 1, from, end))) {
            throw new MalformedSecretException(
                    from, "it begins with the byte order mark of UTF-16, but is to be written in ASCII or UTF-8");
        }
    }

    /** Whether there is a pair of a zero and anything else; one pair has each of the two at the given positions. */
    private static boolean hasAscii(IntUnaryOperator text, int high, int low, int end) {
        boolean found = false;
        for (int i = 2; Math.max(high, low) + i < end; i += 2) {
            found |= text.applyAsInt(high + i) == 0 && text.applyAsInt(low + i) != 0;
        }
        return found;
    }

    private static boolean is(int[] mark, IntUnaryOperator text, int from, int end) {
        if (end - from < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((text.applyAsInt(from + i) & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
