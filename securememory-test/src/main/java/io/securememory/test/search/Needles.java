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

    /** All forms together are not longer than this many times the secret, and this constant. */
    private static final int FORMS = 43;

    private static final int PADDING = 64;

    private static final byte[] LOWER = ascii("0123456789abcdef");
    private static final byte[] UPPER = ascii("0123456789ABCDEF");
    private static final byte[] BASE64 = ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final byte[] BASE64_URL = ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static final int BYTE = 0xff;
    private static final int SIX = 6;
    private static final int SIX_BITS = 0x3f;
    private static final int WORD = Integer.BYTES;

    /** So many characters of Base64 are left of 16 bytes if what is in front of them is encoded with them. */
    private static final int BASE64_RUN = (RUN * Byte.SIZE - WORD) / SIX;

    /** Fewer characters are in every process by chance, as fewer bytes are. */
    private static final int SHORTEST_BASE64 = 6;

    private final ByteBuffer memory;
    private final List<Needle> needles = new ArrayList<>();
    private final int from;
    private final int to;
    private int begun;
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

    private static int room(int length) {
        return FORMS * Math.min(length, LONGEST) + 2 * PADDING;
    }

    /** Returns how many bytes the longest form of a secret has at most: hexadecimal digits of two bytes each. */
    static int longest(int length) {
        return 2 * 2 * Math.min(length, LONGEST) + 1;
    }

    /** Returns how many bytes the forms of a secret need at most. */
    static int room(Octets secret) {
        return KeyParts.of(secret).stream()
                .mapToInt(part -> room(part.length()))
                .sum();
    }

    /** Adds all forms of a secret, or of the parts of a key. */
    void addAll(int owner, Octets secret) {
        for (Octets part : KeyParts.of(secret)) {
            if (part.length() <= LONGEST) {
                addForms(owner, part);
            } else {
                addForms(owner, part.slice(0, LONGEST / 2));
                addForms(owner, part.slice(part.length() - LONGEST / 2, LONGEST / 2));
            }
        }
    }

    /** Adds bytes without their other forms. */
    void addBytes(int owner, Octets bytes) {
        addBytes(owner, bytes, Encoding.BYTES);
    }

    private void addForms(int owner, Octets secret) {
        addBytes(owner, secret, Encoding.BYTES);
        boolean decoded = addText(owner, secret);
        for (byte[] digits : List.of(LOWER, UPPER)) {
            for (Width width : Width.NARROW) {
                begin();
                for (int i = 0; i < secret.length(); i++) {
                    put(digits[(secret.get(i) & 0xf0) >> WORD], (byte) 0, width);
                    put(digits[secret.get(i) & 0xf], (byte) 0, width);
                }
                finish(owner, Encoding.HEX, width, 2 * RUN);
            }
        }
        addBase64(owner, secret, BASE64, Encoding.BASE64);
        addBase64(owner, secret, BASE64_URL, Encoding.BASE64_URL);
        if (!decoded) {
            addWords(owner, secret);
            addReversed(owner, secret);
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
        boolean narrow = Utf8Characters.each(secret, utf8, character -> character <= BYTE);
        if (narrow) {
            for (Width width : utf8 ? Width.NARROW : Width.CHARACTERS) {
                addText(owner, secret, utf8, width);
            }
        } else {
            addText(owner, secret, utf8, Width.LITTLE_ENDIAN);
            addText(owner, secret, utf8, Width.BIG_ENDIAN);
        }
        return utf8;
    }

    private void addText(int owner, Octets secret, boolean utf8, Width width) {
        begin();
        Utf8Characters.each(secret, utf8, character -> {
            put((byte) character, (byte) (character >> Byte.SIZE), width);
            return true;
        });
        finish(owner, width.isWide() ? Encoding.UTF_16 : Encoding.LATIN_1, width, RUN);
    }

    /** Adds the characters that depend on bytes of the secret alone, wherever it begins within a group of three bytes. */
    private void addBase64(int owner, Octets secret, byte[] digits, Encoding encoding) {
        for (int skipped = 0; skipped < SIX; skipped += 2) {
            for (Width width : Width.NARROW) {
                begin();
                for (int bit = skipped; bit + SIX <= secret.length() * Byte.SIZE; bit += SIX) {
                    put(digits[six(secret, bit)], (byte) 0, width);
                }
                if ((end - begun) / width.bytes() < SHORTEST_BASE64) {
                    end = begun;
                } else {
                    finish(owner, encoding, width, BASE64_RUN);
                }
            }
        }
    }

    private static int six(Octets secret, int bit) {
        int at = bit / Byte.SIZE;
        int next = at + 1 < secret.length() ? secret.get(at + 1) & BYTE : 0;
        int both = ((secret.get(at) & BYTE) << Byte.SIZE) | next;
        return (both >> (2 * Byte.SIZE - SIX - bit % Byte.SIZE)) & SIX_BITS;
    }

    /** Adds the words of a {@code BigInteger}, as a processor of little-endian order has them in memory. */
    private void addWords(int owner, Octets secret) {
        int first = 0;
        while (first < secret.length() && secret.get(first) == 0) {
            first++;
        }
        int from = first - (-(secret.length() - first) & (WORD - 1));
        begin();
        for (int word = from; word < secret.length(); word += WORD) {
            for (int i = word + WORD - 1; i >= word; i--) {
                put(i < first ? 0 : secret.get(i));
            }
        }
        finish(owner, Encoding.NUMBER, false, RUN);
    }

    /** Adds a number as native libraries have it in memory, such as a BIGNUM of OpenSSL. */
    private void addReversed(int owner, Octets secret) {
        begin();
        for (int i = secret.length() - 1; i >= 0; i--) {
            put(secret.get(i));
        }
        finish(owner, Encoding.NUMBER, false, RUN);
    }

    private void begin() {
        begun = end;
    }

    private void put(byte value) {
        if (end == to) {
            throw new IllegalStateException("the forms of a secret are longer than expected");
        }
        memory.put(end++, value);
    }

    /** Puts a character. One zero in front of the first and behind each makes up characters of two bytes in either order. */
    private void put(byte low, byte high, Width width) {
        if (width == Width.BIG_ENDIAN || (width == Width.EITHER_ENDIAN && end == begun)) {
            put(high);
        }
        put(low);
        if (width == Width.LITTLE_ENDIAN || width == Width.EITHER_ENDIAN) {
            put(high);
        }
    }

    private void finish(int owner, Encoding encoding, Width width, int run) {
        int both = width == Width.EITHER_ENDIAN
                ? Math.max(SHORTEST, 2 * Math.min(run, (end - begun) / 2) - 1)
                : run * width.bytes();
        finish(owner, encoding, width.isWide(), both);
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
        BIG_ENDIAN,
        /** For characters whose high bytes are all zero. */
        EITHER_ENDIAN;

        static final List<Width> NARROW = List.of(ONE, EITHER_ENDIAN);
        static final List<Width> CHARACTERS = List.of(EITHER_ENDIAN);

        boolean isWide() {
            return this != ONE;
        }

        int bytes() {
            return isWide() ? 2 : 1;
        }
    }
}
