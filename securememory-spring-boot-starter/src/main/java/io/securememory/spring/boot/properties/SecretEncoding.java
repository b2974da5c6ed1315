package io.securememory.spring.boot.properties;

import io.securememory.Format;

/** How the bytes of a declared secret are written at its location. They are decoded in native memory. */
public enum SecretEncoding {
    /**
     * As they are. Of what is text in UTF-8, a byte order mark at the start and one line break at the end are dropped unless the
     * secret is not to be trimmed; of what is not, nothing ever is.
     */
    RAW(Format.RAW),
    /** As {@link Format#TEXT} has it: also what is not UTF-8 is text. */
    TEXT(Format.TEXT),
    /** As {@link Format#HEX} has it. */
    HEX(Format.HEX),
    /** As {@link Format#BASE64} has it. */
    BASE64(Format.BASE64),
    /** As {@link Format#PEM} has it: the bytes of a key, without the text around it. */
    PEM(Format.PEM);

    private final Format format;

    SecretEncoding(Format format) {
        this.format = format;
    }

    /** What decodes it. */
    public Format format() {
        return format;
    }
}
