package io.securememory;

/**
 * How the bytes of a secret are written in its source. Text is decoded in locked native memory.
 *
 * <p>Except in {@link #RAW}, a byte order mark of UTF-8 at the start is dropped. In {@link #TEXT}, one line break at
 * the end is dropped, too: a line feed, or a carriage return and a line feed, as editors and {@code echo} write it.
 * Spaces are kept. In the other formats, blanks and line breaks are ignored, except where a character may be missing.
 */
public enum Format {
    /** All bytes, as they are. Right for random keys, whose last byte may happen to be a line feed. */
    RAW,
    /**
     * As they are, without a byte order mark at the start and without one line break at the end. It is not checked
     * whether they are UTF-8.
     */
    TEXT,
    /**
     * Two hexadecimal digits for each byte, in upper or lower case. As tools write them, there may be blanks, line
     * breaks and single colons between the bytes, and {@code 0x} in front of all.
     */
    HEX,
    /**
     * Base64 by RFC 4648 in the standard or the URL-safe alphabet. The padding may be missing. There may be blanks and
     * line breaks anywhere.
     */
    BASE64,
    /**
     * PEM by RFC 7468 in its lax form. The secret is the decoded private key (labels of PKCS#8, PKCS#1 and SEC 1), or
     * the decoded first block if there is no private key. There may be other text around it. A block that is encrypted
     * by its headers ({@code Proc-Type: 4,ENCRYPTED}) is refused.
     */
    PEM
}
