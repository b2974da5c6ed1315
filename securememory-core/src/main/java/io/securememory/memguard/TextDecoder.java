package io.securememory.memguard;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecretView;

/**
 * Decodes text from native memory to native memory, by one pass that checks and another one that writes.
 *
 * <p><b>Guarantees.</b> Neither time nor caches depend on which characters there are. Outside of native memory are three bytes
 * at most at a time, those of the group of Base64 that is being decoded, which are overwritten. Malformed text is refused
 * before anything is written.
 *
 * <p><b>Threading.</b> Has no state; views are for their own threads.
 */
public final class TextDecoder {

    private TextDecoder() {}

    /**
     * Returns how much of a text is left without one line break at its end: a line feed, or a carriage return and a line
     * feed.
     *
     * @param text view that begins with the text
     * @param length bytes of the text
     * @return bytes before the line break, or the length if there is none
     */
    public static int lengthWithoutLineBreak(SecretView text, int length) {
        if (length == 0 || text.get(length - 1) != '\n') {
            return length;
        }
        return length > 1 && text.get(length - 2) == '\r' ? length - 2 : length - 1;
    }

    /**
     * Checks a part of a text, at whose end a line break has no place any more.
     *
     * @param format what it should be
     * @param text view with the text
     * @param from first byte of the part
     * @param end the one after the last
     * @return number of bytes that the part stands for
     * @throws MalformedSecretException if it is something else
     * @throws IndexOutOfBoundsException if the part is not in the view
     */
    public static int length(Format format, SecretView text, int from, int end) {
        return switch (format) {
            case RAW, TEXT -> end - from;
            case HEX -> HexText.check(text, from, end);
            case BASE64 -> Base64Text.check(text, from, end);
        };
    }

    /**
     * Decodes a part of a text that was checked.
     *
     * @param format what it is
     * @param text view with the text
     * @param from first byte of the part
     * @param end the one after the last
     * @param target gets the bytes, from its first one on; may be the view of the text, as no byte is written before what it
     *     stands for was read
     */
    public static void decode(Format format, SecretView text, int from, int end, MutableView target) {
        switch (format) {
            case RAW, TEXT -> target.copyFrom(0, text, from, end - from);
            case HEX -> HexText.decode(text, from, end, target);
            case BASE64 -> Base64Text.decode(text, from, end, target);
        }
    }
}
