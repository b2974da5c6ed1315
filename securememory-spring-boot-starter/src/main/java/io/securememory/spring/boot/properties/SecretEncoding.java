package io.securememory.spring.boot.properties;

import io.securememory.Format;

/** How the bytes of a declared secret are written at its location. They are decoded in native memory. */
public enum SecretEncoding {
    /**
     * The bytes as they are. If they are text in UTF-8, a byte order mark at the start and one line break at the end are
     * dropped, unless trimming is switched off for the secret. Otherwise, nothing is dropped.
     */
    RAW(Format.RAW),
    /** Text as described in {@link Format#TEXT}, which need not be UTF-8. */
    TEXT(Format.TEXT),
    /** Hexadecimal digits as described in {@link Format#HEX}. */
    HEX(Format.HEX),
    /** Base64 as described in {@link Format#BASE64}. */
    BASE64(Format.BASE64),
    /** PEM as described in {@link Format#PEM}: the bytes of a key, without the text around it. */
    PEM(Format.PEM);

    private final Format format;

    SecretEncoding(Format format) {
        this.format = format;
    }

    /** Returns the format that decodes the bytes. */
    public Format format() {
        return format;
    }
}
