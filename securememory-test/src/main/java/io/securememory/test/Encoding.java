package io.securememory.test;

/** What was done with the bytes of a secret before they were left behind. */
public enum Encoding {
    /** Nothing: its bytes, which for a text of ASCII are also those of a Latin-1 String. */
    BYTES("bytes"),

    /** A text of UTF-8 that is not ASCII, as characters of one byte. */
    LATIN_1("Latin-1"),

    /** Characters of two bytes, in either byte order. */
    UTF_16("UTF-16"),

    /** Hexadecimal digits, in lower or upper case. */
    HEX("hexadecimal"),

    /** Base64, also within a longer text, as in the header of HTTP's Basic authentication or in PEM. */
    BASE64("Base64"),

    /** Base64 for file names and addresses. */
    BASE64_URL("Base64URL"),

    /** The words of a {@code BigInteger}, or the bytes in reverse order, as native libraries have numbers. */
    NUMBER("number");

    private final String text;

    Encoding(String text) {
        this.text = text;
    }

    /**
     * Returns the name for people.
     *
     * @return the name
     */
    @Override
    public String toString() {
        return text;
    }
}
