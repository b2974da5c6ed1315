package io.securememory.spring.boot.autoconfigure;

/** How the bytes of a declared secret are written at its location. They are decoded in native memory. */
public enum SecretEncoding {
    /** As they are. */
    RAW,
    /** Two hexadecimal digits for each byte, of either case, and nothing between them. */
    HEX,
    /**
     * Base64 by RFC 4648 in the standard or the URL-safe alphabet. Padding may be left out. There may be line breaks between
     * characters, as PEM files have them.
     */
    BASE64
}
