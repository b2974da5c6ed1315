package io.securememory.memguard.internal;

import java.nio.ByteBuffer;

/**
 * BLAKE2b with a digest of 32 bytes for inputs of one block, from native memory to native memory.
 *
 * <p>No state is kept in an object of the heap.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7693">RFC 7693</a>
 */
final class Blake2b {

    /** Bytes of a digest. */
    static final int DIGEST_SIZE = 32;

    /** Bytes of a block, the longest input. */
    static final int BLOCK_SIZE = 128;

    private static final int ROUNDS = 12;

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

    /** Which word of the message each step of a round mixes in, as offsets in bytes; ten rounds, then from the start. */
    private static final byte[] SCHEDULE = schedule(
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

    private static byte[] schedule(String... rounds) {
        byte[] schedule = new byte[ROUNDS * 16];
        for (int i = 0; i < schedule.length; i++) {
            char word = rounds[i / 16 % rounds.length].charAt(i % 16);
            schedule[i] = (byte) (Character.digit(word, 16) * Long.BYTES);
        }
        return schedule;
    }

    /**
     * Computes a digest.
     *
     * @param memory native memory, little-endian
     * @param message where the input is: a block, zeros after the input's end
     * @param length bytes of the input, at most one block
     * @param target where the 32 bytes of the digest go; may lie within the message
     */
    @SuppressWarnings("checkstyle:MethodLength") // Sixteen words in local variables cannot be shared between methods.
    static void compute(ByteBuffer memory, int message, int length, int target) {
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
        long v12 = IV4 ^ length;
        long v13 = IV5;
        long v14 = ~IV6;
        long v15 = IV7;
        for (int i = 0; i < SCHEDULE.length; i += 16) {
            v0 += v4 + memory.getLong(message + SCHEDULE[i]);
            v12 = Long.rotateRight(v12 ^ v0, 32);
            v8 += v12;
            v4 = Long.rotateRight(v4 ^ v8, 24);
            v0 += v4 + memory.getLong(message + SCHEDULE[i + 1]);
            v12 = Long.rotateRight(v12 ^ v0, 16);
            v8 += v12;
            v4 = Long.rotateRight(v4 ^ v8, 63);
            v1 += v5 + memory.getLong(message + SCHEDULE[i + 2]);
            v13 = Long.rotateRight(v13 ^ v1, 32);
            v9 += v13;
            v5 = Long.rotateRight(v5 ^ v9, 24);
            v1 += v5 + memory.getLong(message + SCHEDULE[i + 3]);
            v13 = Long.rotateRight(v13 ^ v1, 16);
            v9 += v13;
            v5 = Long.rotateRight(v5 ^ v9, 63);
            v2 += v6 + memory.getLong(message + SCHEDULE[i + 4]);
            v14 = Long.rotateRight(v14 ^ v2, 32);
            v10 += v14;
            v6 = Long.rotateRight(v6 ^ v10, 24);
            v2 += v6 + memory.getLong(message + SCHEDULE[i + 5]);
            v14 = Long.rotateRight(v14 ^ v2, 16);
            v10 += v14;
            v6 = Long.rotateRight(v6 ^ v10, 63);
            v3 += v7 + memory.getLong(message + SCHEDULE[i + 6]);
            v15 = Long.rotateRight(v15 ^ v3, 32);
            v11 += v15;
            v7 = Long.rotateRight(v7 ^ v11, 24);
            v3 += v7 + memory.getLong(message + SCHEDULE[i + 7]);
            v15 = Long.rotateRight(v15 ^ v3, 16);
            v11 += v15;
            v7 = Long.rotateRight(v7 ^ v11, 63);
            v0 += v5 + memory.getLong(message + SCHEDULE[i + 8]);
            v15 = Long.rotateRight(v15 ^ v0, 32);
            v10 += v15;
            v5 = Long.rotateRight(v5 ^ v10, 24);
            v0 += v5 + memory.getLong(message + SCHEDULE[i + 9]);
            v15 = Long.rotateRight(v15 ^ v0, 16);
            v10 += v15;
            v5 = Long.rotateRight(v5 ^ v10, 63);
            v1 += v6 + memory.getLong(message + SCHEDULE[i + 10]);
            v12 = Long.rotateRight(v12 ^ v1, 32);
            v11 += v12;
            v6 = Long.rotateRight(v6 ^ v11, 24);
            v1 += v6 + memory.getLong(message + SCHEDULE[i + 11]);
            v12 = Long.rotateRight(v12 ^ v1, 16);
            v11 += v12;
            v6 = Long.rotateRight(v6 ^ v11, 63);
            v2 += v7 + memory.getLong(message + SCHEDULE[i + 12]);
            v13 = Long.rotateRight(v13 ^ v2, 32);
            v8 += v13;
            v7 = Long.rotateRight(v7 ^ v8, 24);
            v2 += v7 + memory.getLong(message + SCHEDULE[i + 13]);
            v13 = Long.rotateRight(v13 ^ v2, 16);
            v8 += v13;
            v7 = Long.rotateRight(v7 ^ v8, 63);
            v3 += v4 + memory.getLong(message + SCHEDULE[i + 14]);
            v14 = Long.rotateRight(v14 ^ v3, 32);
            v9 += v14;
            v4 = Long.rotateRight(v4 ^ v9, 24);
            v3 += v4 + memory.getLong(message + SCHEDULE[i + 15]);
            v14 = Long.rotateRight(v14 ^ v3, 16);
            v9 += v14;
            v4 = Long.rotateRight(v4 ^ v9, 63);
        }
        memory.putLong(target, IV0 ^ PARAMETERS ^ v0 ^ v8);
        memory.putLong(target + 8, IV1 ^ v1 ^ v9);
        memory.putLong(target + 16, IV2 ^ v2 ^ v10);
        memory.putLong(target + 24, IV3 ^ v3 ^ v11);
    }
}
