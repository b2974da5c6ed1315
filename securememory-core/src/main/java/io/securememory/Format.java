package io.securememory;

/**
 * How the bytes of a secret are written at its source. They are decoded in locked native memory.
 *
 * <p>Text may begin with a byte order mark of UTF-8, which is dropped. Of {@link #TEXT}, one line break at the end is dropped,
 * a line feed or a carriage return and a line feed, as editors and {@code echo} leave one; spaces never are. In the other
 * formats of text, blanks and line breaks mean nothing wherever they cannot hide that something is missing.
 */
public enum Format {
    /** As they are, to the last one: a random key may end in the byte of a line feed. */
    RAW,
    /** As they are, but for a byte order mark at the start and one line break at the end. Whether they are UTF-8 is not looked at. */
    TEXT,
    /**
     * Two hexadecimal digits for each byte, of either case, as tools write them: between bytes there may be blanks, line breaks
     * and single colons, and {@code 0x} in front of all.
     */
    HEX,
    /**
     * Base64 by RFC 4648 in the standard or the URL-safe alphabet. Padding may be left out. There may be blanks and line breaks
     * anywhere.
     */
    BASE64,
    /**
     * PEM by RFC 7468 in its lax form: the bytes of the private key in it (a label of PKCS#8, PKCS#1 or SEC 1), or of the first
     * block if there is none. Other text may be around it. Not encrypted by headers.
     */
    PEM
}
