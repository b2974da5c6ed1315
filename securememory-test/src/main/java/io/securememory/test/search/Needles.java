package io.securememory.test.search;

import io.securememory.test.Encoding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes all forms in which a secret is looked for, in locked memory.
 *
 * <p>What is longer than {@link #LONGEST} is represented by its first and its last bytes.
 */
final class Needles {

    /** Bytes of a secret in a row that count as a copy. */
    static final int RUN = 16;

    /** Shorter ones are in every process by chance. */
    static final int SHORTEST = 4;

    /** So many bytes of a secret are looked for at most. */
    static final int LONGEST = 1024;

    /** The longest run that counts: of hexadecimal digits, in characters of two bytes. */
    static final int LONGEST_RUN = 4 * RUN;

    /** All forms together are not longer than this many times the secret, and this constant. */
    private static final int FORMS = 70;

    private static final int PADDING = 64;

    private static final byte[] LOWER = ascii("0123456789abcdef");
    private static final byte[] UPPER = ascii("0123456789ABCDEF");
    private static final byte[] BASE64 = ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final byte[] BASE64_URL = ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static final int GROUP = 3;
    private static final int SIX_BITS = 0x3f;
    private static final int WORD = Integer.BYTES;

    private final ByteBuffer memory;
    private final List<Needle> needles = new ArrayList<>();
    private final int from;
    private final int to;
    private int end;

    /**
     * Begins.
     *
     * @param memory the memory of the search
     * @param from first byte that may be written
     * @param to byte after the last one that may be written
     */
    Needles(ByteBuffer memory, int from, int to) {
        this.memory = memory;
        this.from = from;
        this.to = to;
        this.end = from;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** Returns how many bytes the forms of a secret need at most. */
    static int room(int length) {
        return FORMS * Math.min(length, LONGEST) + PADDING;
    }

    /** Adds all forms of a secret. */
    void addAll(int owner, Octets secret) {
        if (secret.length() <= LONGEST) {
            addForms(owner, secret);
        } else {
            addForms(owner, secret.slice(0, LONGEST / 2));
            addForms(owner, secret.slice(secret.length() - LONGEST / 2, LONGEST / 2));
        }
    }

    /** Adds the forms in which a number of a key is found: its bytes in either order, and in words of either order. */
    void addNumber(int owner, Octets number) {
        addBytes(owner, number, Encoding.NUMBER);
        begin();
        for (int i = number.length() - 1; i >= 0; i--) {
            put(number.get(i));
        }
        finish(owner, Encoding.NUMBER, false, RUN);
        addWords(owner, number);
    }

    private void addForms(int owner, Octets secret) {
        addBytes(owner, secret, Encoding.BYTES);
        boolean decoded = addText(owner, secret);
        for (byte[] digits : List.of(LOWER, UPPER)) {
            for (Width width : Width.values()) {
                begin();
                for (int i = 0; i < secret.length(); i++) {
                    put(digits[(secret.get(i) & 0xf0) >> WORD], width);
                    put(digits[secret.get(i) & 0xf], width);
                }
                finish(owner, Encoding.HEX, width.isWide(), 2 * RUN * width.bytes());
            }
        }
        addBase64(owner, secret, BASE64, Encoding.BASE64);
        addBase64(owner, secret, BASE64_URL, Encoding.BASE64_URL);
        if (!decoded) {
            addWords(owner, secret);
        }
    }

    private void addBytes(int owner, Octets secret, Encoding encoding) {
        begin();
        for (int i = 0; i < secret.length(); i++) {
            put(secret.get(i));
        }
        finish(owner, encoding, false, RUN);
    }

    /** Adds the characters. Returns whether there are some that are no ASCII, in a text of UTF-8. */
    private boolean addText(int owner, Octets secret) {
        boolean utf8 = Utf8Characters.areIn(secret);
        for (Width width : Width.values()) {
            if (width.isWide() || utf8) {
                begin();
                boolean complete = Utf8Characters.each(secret, utf8, character -> {
                    boolean fits = character <= 0xff || width.isWide();
                    put((byte) character, (byte) (character >> Byte.SIZE), width);
                    return fits;
                });
                if (complete) {
                    finish(
                            owner,
                            width.isWide() ? Encoding.UTF_16 : Encoding.LATIN_1,
                            width.isWide(),
                            RUN * width.bytes());
                } else {
                    end = begun;
                }
            }
        }
        return utf8;
    }

    /** Adds the groups of three bytes that are in the secret as a whole, wherever it begins within a group. */
    private void addBase64(int owner, Octets secret, byte[] digits, Encoding encoding) {
        for (int skipped = 0; skipped < GROUP; skipped++) {
            for (Width width : Width.values()) {
                begin();
                for (int i = skipped; i + GROUP <= secret.length(); i += GROUP) {
                    int bits = ((secret.get(i) & 0xff) << 16)
                            | ((secret.get(i + 1) & 0xff) << 8)
                            | (secret.get(i + 2) & 0xff);
                    for (int shift = 18; shift >= 0; shift -= 6) {
                        put(digits[(bits >> shift) & SIX_BITS], width);
                    }
                }
                finish(owner, encoding, width.isWide(), RUN / GROUP * (GROUP + 1) * width.bytes());
            }
        }
    }

    /** Adds the words of a {@code BigInteger}, as a processor of little-endian order has them in memory. */
    private void addWords(int owner, Octets secret) {
        int zeros = -secret.length() & (WORD - 1);
        begin();
        for (int word = 0; word < zeros + secret.length(); word += WORD) {
            for (int i = word + WORD - 1; i >= word; i--) {
                put(i < zeros ? 0 : secret.get(i - zeros));
            }
        }
        finish(owner, Encoding.NUMBER, false, RUN);
    }

    private int begun;

    private void begin() {
        begun = end;
    }

    private void put(byte value) {
        if (end == to) {
            throw new IllegalStateException("the forms of a secret are longer than expected");
        }
        memory.put(end++, value);
    }

    private void put(byte character, Width width) {
        put(character, (byte) 0, width);
    }

    private void put(byte low, byte high, Width width) {
        if (width == Width.BIG_ENDIAN) {
            put(high);
        }
        put(low);
        if (width == Width.LITTLE_ENDIAN) {
            put(high);
        }
    }

    /** Keeps what was written since {@link #begin()}, unless it is too short or known. */
    private void finish(int owner, Encoding encoding, boolean wide, int run) {
        int length = end - begun;
        boolean known = needles.stream().anyMatch(needle -> needle.owner() == owner && isSame(needle, length));
        if (length < SHORTEST || known) {
            end = begun;
            return;
        }
        needles.add(new Needle(owner, encoding, wide, begun, length, Math.min(run, length)));
    }

    private boolean isSame(Needle needle, int length) {
        if (needle.length() != length) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < length; i++) {
            difference |= memory.get(needle.at() + i) ^ memory.get(begun + i);
        }
        return difference == 0;
    }

    List<Needle> all() {
        return List.copyOf(needles);
    }

    int from() {
        return from;
    }

    int end() {
        return end;
    }

    /** How many bytes a character has, and in which order. */
    private enum Width {
        ONE,
        LITTLE_ENDIAN,
        BIG_ENDIAN;

        boolean isWide() {
            return this != ONE;
        }

        int bytes() {
            return isWide() ? 2 : 1;
        }
    }
}
