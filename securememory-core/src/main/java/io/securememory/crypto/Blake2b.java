package io.securememory.crypto;

import java.nio.ByteBuffer;

/**
 * BLAKE2b with a digest of 32 bytes for inputs of 32 bytes, from native memory to native memory.
 *
 * <p>The input is kept in a <i>spread</i> form: each word is stored at every place of the twelve rounds where it is
 * mixed in, with zeros elsewhere. Then each step reads one word, at an address that the compiler knows; looking each
 * word up in a schedule took half of the time. No state is kept in an object on the heap.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7693">RFC 7693</a>
 */
public final class Blake2b {

    /** Bytes of a digest. */
    public static final int DIGEST_SIZE = 32;

    /** Bytes of the input. */
    public static final int INPUT_SIZE = 32;

    private static final int ROUNDS = 12;
    private static final int ROUND_SIZE = 16 * Long.BYTES;

    /** Bytes of an input in spread form. */
    public static final int SPREAD_SIZE = ROUNDS * ROUND_SIZE;

    /** Digest of 32 bytes, no key, fan-out and depth 1. */
    private static final long PARAMETERS = 0x01010000L | DIGEST_SIZE;

    private static final long IV0 = 0x6a09e667f3bcc908L;
    private static final long IV1 = 0xbb67ae8584caa73bL;
    private static final long IV2 = 0x3c6ef372fe94f82bL;
    private static final long IV3 = 0xa54ff53a5f1d36f1L;
    private static final long IV4 = 0x510e527fade682d1L;
    private static final long IV5 = 0x9b05688c2b3e6c1fL;
    private static final long IV6 = 0x1f83d9abfb41bd6bL;
    private static final long IV7 = 0x5be0cd19137e2179L;

    /**
     * Offsets, in bytes, of the words of an input in spread form: twelve places of the first word, then those of the
     * next one.
     */
    private static final short[] PLACES = places(
            "0123456789abcdef",
            "ea489fd61c02b753",
            "b8c052fdae367194",
            "7931dcbe265a40f8",
            "905724afe1bc683d",
            "2c6a0b834d75fe19",
            "c51fed4a0763928b",
            "db7ec13950f4862a",
            "6fe9b308c2d714a5",
            "a2847615fb9e3cd0");

    private Blake2b() {}

    /**
     * Computes the places from the schedule of ten rounds, which says which word each step mixes in. The last two
     * rounds repeat the first two.
     */
    private static short[] places(String... schedule) {
        short[] places = new short[INPUT_SIZE / Long.BYTES * ROUNDS];
        for (int i = 0; i < places.length; i++) {
            int round = i % ROUNDS;
            int step = schedule[round % schedule.length].indexOf(Character.forDigit(i / ROUNDS, 16));
            places[i] = (short) (round * ROUND_SIZE + step * Long.BYTES);
        }
        return places;
    }

    /**
     * Writes an input in spread form. The spread form begins with the 32 bytes of the input.
     *
     * @param source native memory, little-endian
     * @param input index of the 32 bytes of the input
     * @param target native memory, little-endian; zeros, or an earlier spread form
     * @param spread index of the {@link #SPREAD_SIZE} bytes of the spread form
     */
    public static void spread(ByteBuffer source, int input, ByteBuffer target, int spread) {
        for (int i = 0; i < PLACES.length; i++) {
            target.putLong(spread + PLACES[i], source.getLong(input + i / ROUNDS * Long.BYTES));
        }
    }

    /**
     * Computes a digest.
     *
     * @param source native memory, little-endian
     * @param spread index of the spread form of the input
     * @param target native memory, little-endian
     * @param to index for the 32 bytes of the digest
     */
    @SuppressWarnings("checkstyle:MethodLength") // Sixteen words in local variables cannot be shared between methods.
    public static void compute(ByteBuffer source, int spread, ByteBuffer target, int to) {
        long v0 = IV0 ^ PARAMETERS;
        long v1 = IV1;
        long v2 = IV2;
        long v3 = IV3;
        long v4 = IV4;
        long v5 = IV5;
        long v6 = IV6;
        long v7 = IV7;
        long v8 = IV0;
        long v9 = IV1;
        long v10 = IV2;
        long v11 = IV3;
        long v12 = IV4 ^ INPUT_SIZE;
        long v13 = IV5;
        long v14 = ~IV6;
        long v15 = IV7;
        for (int i = spread; i < spread + SPREAD_SIZE; i += ROUND_SIZE) {
            v0 += v4 + source.getLong(i);
            v12 = Long.rotateRight(v12 ^ v0, 32);
            v8 += v12;
            v4 = Long.rotateRight(v4 ^ v8, 24);
            v0 += v4 + source.getLong(i + 8);
            v12 = Long.rotateRight(v12 ^ v0, 16);
            v8 += v12;
            v4 = Long.rotateRight(v4 ^ v8, 63);
            v1 += v5 + source.getLong(i + 16);
            v13 = Long.rotateRight(v13 ^ v1, 32);
            v9 += v13;
            v5 = Long.rotateRight(v5 ^ v9, 24);
            v1 += v5 + source.getLong(i + 24);
            v13 = Long.rotateRight(v13 ^ v1, 16);
            v9 += v13;
            v5 = Long.rotateRight(v5 ^ v9, 63);
            v2 += v6 + source.getLong(i + 32);
            v14 = Long.rotateRight(v14 ^ v2, 32);
            v10 += v14;
            v6 = Long.rotateRight(v6 ^ v10, 24);
            v2 += v6 + source.getLong(i + 40);
            v14 = Long.rotateRight(v14 ^ v2, 16);
            v10 += v14;
            v6 = Long.rotateRight(v6 ^ v10, 63);
            v3 += v7 + source.getLong(i + 48);
            v15 = Long.rotateRight(v15 ^ v3, 32);
            v11 += v15;
            v7 = Long.rotateRight(v7 ^ v11, 24);
            v3 += v7 + source.getLong(i + 56);
            v15 = Long.rotateRight(v15 ^ v3, 16);
            v11 += v15;
            v7 = Long.rotateRight(v7 ^ v11, 63);
            v0 += v5 + source.getLong(i + 64);
            v15 = Long.rotateRight(v15 ^ v0, 32);
            v10 += v15;
            v5 = Long.rotateRight(v5 ^ v10, 24);
            v0 += v5 + source.getLong(i + 72);
            v15 = Long.rotateRight(v15 ^ v0, 16);
            v10 += v15;
            v5 = Long.rotateRight(v5 ^ v10, 63);
            v1 += v6 + source.getLong(i + 80);
            v12 = Long.rotateRight(v12 ^ v1, 32);
            v11 += v12;
            v6 = Long.rotateRight(v6 ^ v11, 24);
            v1 += v6 + source.getLong(i + 88);
            v12 = Long.rotateRight(v12 ^ v1, 16);
            v11 += v12;
            v6 = Long.rotateRight(v6 ^ v11, 63);
            v2 += v7 + source.getLong(i + 96);
            v13 = Long.rotateRight(v13 ^ v2, 32);
            v8 += v13;
            v7 = Long.rotateRight(v7 ^ v8, 24);
            v2 += v7 + source.getLong(i + 104);
            v13 = Long.rotateRight(v13 ^ v2, 16);
            v8 += v13;
            v7 = Long.rotateRight(v7 ^ v8, 63);
            v3 += v4 + source.getLong(i + 112);
            v14 = Long.rotateRight(v14 ^ v3, 32);
            v9 += v14;
            v4 = Long.rotateRight(v4 ^ v9, 24);
            v3 += v4 + source.getLong(i + 120);
            v14 = Long.rotateRight(v14 ^ v3, 16);
            v9 += v14;
            v4 = Long.rotateRight(v4 ^ v9, 63);
        }
        target.putLong(to, IV0 ^ PARAMETERS ^ v0 ^ v8);
        target.putLong(to + 8, IV1 ^ v1 ^ v9);
        target.putLong(to + 16, IV2 ^ v2 ^ v10);
        target.putLong(to + 24, IV3 ^ v3 ^ v11);
    }
}
