package io.securememory.memguard;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecretView;

/**
 * Decodes text from native memory to native memory, in two passes: the first one checks, the second one writes.
 *
 * <p>In every format but {@link Format#RAW}, a byte order mark of UTF-8 at the start is dropped.
 *
 * <p><b>Guarantees.</b> Neither the time taken nor the use of caches depends on the characters, except on those that
 * stand for no bytes: blanks, line breaks, padding. At most three bytes at a time are outside native memory: those of
 * the Base64 group that is being decoded. They are overwritten. Malformed text is refused before anything is written.
 *
 * <p><b>Threading.</b> Has no state. A view may be used by its thread only.
 */
public final class TextDecoder {

    private TextDecoder() {}

    /**
     * Returns the length of a text without one line break at its end. A line break is a line feed, or a carriage return
     * and a line feed.
     *
     * @param text view whose first bytes are the text
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
     * Tells whether a text is UTF-8 without control characters, except tabs and line breaks. Anything else is taken for
     * binary content. Random bytes are practically never such text, unless they are few.
     *
     * @param text view whose first bytes are the text
     * @param length bytes of the text
     * @return true if it is text
     */
    public static boolean isText(SecretView text, int length) {
        return Utf8Text.isText(text, length);
    }

    /**
     * Checks a part of a text. For {@link Format#TEXT}, the caller has removed the line break at the end.
     *
     * @param format the expected format
     * @param text view with the text
     * @param from first byte of the part
     * @param end index after the last byte
     * @return number of bytes that the part stands for; 0 if it is blank
     * @throws MalformedSecretException if it is not in this format
     * @throws IndexOutOfBoundsException if the part is not in the view
     */
    public static int length(Format format, SecretView text, int from, int end) {
        int start = start(format, text, from, end);
        return switch (format) {
            case RAW, TEXT -> end - start;
            case HEX -> HexText.check(text::get, start, end);
            case BASE64 -> Base64Text.check(text::get, start, end, true);
            case PEM -> isBlank(text, start, end) ? 0 : pemLength(PemText.of(text, start, end));
        };
    }

    /**
     * Decodes a checked part of a text.
     *
     * @param format the format of the text
     * @param text view with the text
     * @param from first byte of the part
     * @param end index after the last byte
     * @param target gets the bytes, beginning at index 0; may be the view of the text, as each character is read before
     *     its place is overwritten
     */
    public static void decode(Format format, SecretView text, int from, int end, MutableView target) {
        int start = start(format, text, from, end);
        switch (format) {
            case RAW, TEXT -> target.copyFrom(0, text, start, end - start);
            case HEX -> HexText.decode(text::get, start, end, target::put);
            case BASE64 -> Base64Text.decode(text::get, start, end, target::put);
            case PEM -> {
                PemText pem = PemText.of(text, start, end);
                pem.decode(pem.main(), target);
            }
        }
    }

    private static int pemLength(PemText pem) {
        PemText.Block block = pem.main();
        if (pem.headers(block).contains("ENCRYPTED")) {
            throw new MalformedSecretException(block.headers(), "it is encrypted, as its headers say");
        }
        return pem.length(block);
    }

    /** Returns where the text begins: after its byte order mark. */
    private static int start(Format format, SecretView text, int from, int end) {
        if (format == Format.RAW) {
            return from;
        }
        if (format == Format.HEX || format == Format.BASE64) {
            ByteOrderMark.refuseUtf16(text::get, from, end);
        }
        return ByteOrderMark.skip(text::get, from, end);
    }

    private static boolean isBlank(SecretView text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!Characters.isBlank(text.get(i))) {
                return false;
            }
        }
        return true;
    }
}
