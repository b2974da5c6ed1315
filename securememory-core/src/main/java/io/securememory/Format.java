package io.securememory;

/**
 * How the bytes of a secret are written at its source. They are decoded in locked native memory.
 *
 * <p>Of text, one line break at the end is dropped, a line feed or a carriage return and a line feed, as editors and
 * {@code echo} leave one. Spaces never are.
 */
public enum Format {
    /** As they are, to the last one: a random key may end in the byte of a line feed. */
    RAW,
    /** As they are, but for one line break at the end. Whether they are UTF-8 is not looked at. */
    TEXT,
    /** Two hexadecimal digits for each byte, of either case, and nothing between them. */
    HEX,
    /**
     * Base64 by RFC 4648 in the standard or the URL-safe alphabet. Padding may be left out. There may be line breaks between
     * characters, one at a time, as PEM files have them.
     */
    BASE64
}
