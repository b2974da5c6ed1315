package io.securememory.memguard;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecretView;

/**
 * Decodes text from native memory to native memory, by one pass that checks and another one that writes.
 *
 * <p>Text may begin with the byte order mark of UTF-8, which is dropped in every format but {@link Format#RAW}.
 *
 * <p><b>Guarantees.</b> Neither time nor caches depend on which characters there are, but for those that stand for no bytes:
 * blanks, line breaks, padding. Outside of native memory are three bytes at most at a time, those of the group of Base64 that
 * is being decoded, which are overwritten. Malformed text is refused before anything is written.
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
     * Tells whether a text is UTF-8 without control characters, except tabs and line breaks. What is not, is taken for binary:
     * of random bytes, none of usual length is such text.
     *
     * @param text view that begins with the text
     * @param length bytes of the text
     * @return whether it is text
     */
    public static boolean isText(SecretView text, int length) {
        return Utf8Text.isText(text, length);
    }

    /**
     * Checks a part of a text. At the end of {@link Format#TEXT}, a line break has no place any more.
     *
     * @param format what it should be
     * @param text view with the text
     * @param from first byte of the part
     * @param end the one after the last
     * @return number of bytes that the part stands for; 0 if it is nothing but blanks
     * @throws MalformedSecretException if it is something else
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

    /** Where text begins: behind its byte order mark. */
    private static int start(Format format, SecretView text, int from, int end) {
        if (format == Format.RAW) {
            return from;
        }
        if (format != Format.TEXT) {
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
