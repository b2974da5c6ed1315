package io.securememory.memguard;

import io.securememory.SecretView;

/**
 * Distinguishes text in UTF-8 from binary content. Source: RFC 3629, section 4.
 *
 * <p>The time taken depends on the position of the first byte that is not text, and not on the content of the text.
 */
final class Utf8Text {

    private static final int DELETE = 0x7F;
    private static final int CONTINUATION = 0x80;

    private Utf8Text() {}

    static boolean isText(SecretView text, int length) {
        int at = 0;
        while (at < length) {
            int next = next(text, at, length);
            if (next == at) {
                return false;
            }
            at = next;
        }
        return true;
    }

    /** Returns the position after the character at a position, or the same position if there is no valid character. */
    private static int next(SecretView text, int at, int length) {
        int first = text.get(at) & 0xFF;
        if (first < CONTINUATION) {
            boolean control = first < ' ' && first != '\t' && first != '\n' && first != '\r';
            return control || first == DELETE ? at : at + 1;
        }
        int more = first >= 0xC2 && first < 0xE0
                ? 1
                : first >= 0xE0 && first < 0xF0 ? 2 : first >= 0xF0 && first < 0xF5 ? 3 : 0;
        if (more == 0 || more >= length - at || !isSecond(first, text.get(at + 1) & 0xFF)) {
            return at;
        }
        for (int i = 2; i <= more; i++) {
            if ((text.get(at + i) & 0xC0) != CONTINUATION) {
                return at;
            }
        }
        return at + more + 1;
    }

    /**
     * Whether a second byte is valid: excludes overlong forms, surrogates, values above the last character, and the
     * control characters U+0080 to U+009F.
     */
    private static boolean isSecond(int first, int second) {
        int least = first == 0xE0 || first == 0xC2 ? 0xA0 : first == 0xF0 ? 0x90 : CONTINUATION;
        int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        return second >= least && second <= most;
    }
}
