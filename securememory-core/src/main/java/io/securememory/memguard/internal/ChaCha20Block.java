package io.securememory.memguard.internal;

import java.nio.ByteBuffer;

/**
 * The block function of ChaCha20, from native memory to native memory.
 *
 * <p>The state lives in local variables, so neither the key nor the key stream is ever in an object of the heap, which
 * a collector would copy. The words of the key are read where they are needed and never held in a variable unmixed for
 * longer than one addition.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8439#section-2.3">RFC 8439, section 2.3</a>
 */
final class ChaCha20Block {

    /** Bytes of one block. */
    static final int SIZE = 64;

    static final int KEY_SIZE = 32;

    private static final int DOUBLE_ROUNDS = 10;

    /** "expand 32-byte k", little-endian. */
    static final int C0 = 0x61707865;

    static final int C1 = 0x3320646e;
    static final int C2 = 0x79622d32;
    static final int C3 = 0x6b206574;

    private ChaCha20Block() {}

    /**
     * Computes one block of key stream.
     *
     * @param memory native memory, little-endian
     * @param key where the 32 bytes of the key are
     * @param counter number of the block
     * @param prefix the first four bytes of the nonce, little-endian
     * @param nonce the last eight bytes of the nonce, little-endian
     * @param target where the 64 bytes of the block go
     */
    @SuppressWarnings("checkstyle:MethodLength") // Sixteen words in local variables cannot be shared between methods.
    static void compute(ByteBuffer memory, int key, int counter, int prefix, long nonce, int target) {
        int x0 = C0;
        int x1 = C1;
        int x2 = C2;
        int x3 = C3;
        int x4 = memory.getInt(key);
        int x5 = memory.getInt(key + 4);
        int x6 = memory.getInt(key + 8);
        int x7 = memory.getInt(key + 12);
        int x8 = memory.getInt(key + 16);
        int x9 = memory.getInt(key + 20);
        int x10 = memory.getInt(key + 24);
        int x11 = memory.getInt(key + 28);
        int x12 = counter;
        int x13 = prefix;
        int x14 = (int) nonce;
        int x15 = (int) (nonce >>> Integer.SIZE);
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 16);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 12);
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 8);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 7);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 16);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 12);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 8);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 7);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 16);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 12);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 8);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 7);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 16);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 12);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 8);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 7);
            x0 += x5;
            x15 = Integer.rotateLeft(x15 ^ x0, 16);
            x10 += x15;
            x5 = Integer.rotateLeft(x5 ^ x10, 12);
            x0 += x5;
            x15 = Integer.rotateLeft(x15 ^ x0, 8);
            x10 += x15;
            x5 = Integer.rotateLeft(x5 ^ x10, 7);
            x1 += x6;
            x12 = Integer.rotateLeft(x12 ^ x1, 16);
            x11 += x12;
            x6 = Integer.rotateLeft(x6 ^ x11, 12);
            x1 += x6;
            x12 = Integer.rotateLeft(x12 ^ x1, 8);
            x11 += x12;
            x6 = Integer.rotateLeft(x6 ^ x11, 7);
            x2 += x7;
            x13 = Integer.rotateLeft(x13 ^ x2, 16);
            x8 += x13;
            x7 = Integer.rotateLeft(x7 ^ x8, 12);
            x2 += x7;
            x13 = Integer.rotateLeft(x13 ^ x2, 8);
            x8 += x13;
            x7 = Integer.rotateLeft(x7 ^ x8, 7);
            x3 += x4;
            x14 = Integer.rotateLeft(x14 ^ x3, 16);
            x9 += x14;
            x4 = Integer.rotateLeft(x4 ^ x9, 12);
            x3 += x4;
            x14 = Integer.rotateLeft(x14 ^ x3, 8);
            x9 += x14;
            x4 = Integer.rotateLeft(x4 ^ x9, 7);
        }
        memory.putInt(target, x0 + C0);
        memory.putInt(target + 4, x1 + C1);
        memory.putInt(target + 8, x2 + C2);
        memory.putInt(target + 12, x3 + C3);
        memory.putInt(target + 16, x4 + memory.getInt(key));
        memory.putInt(target + 20, x5 + memory.getInt(key + 4));
        memory.putInt(target + 24, x6 + memory.getInt(key + 8));
        memory.putInt(target + 28, x7 + memory.getInt(key + 12));
        memory.putInt(target + 32, x8 + memory.getInt(key + 16));
        memory.putInt(target + 36, x9 + memory.getInt(key + 20));
        memory.putInt(target + 40, x10 + memory.getInt(key + 24));
        memory.putInt(target + 44, x11 + memory.getInt(key + 28));
        memory.putInt(target + 48, x12 + counter);
        memory.putInt(target + 52, x13 + prefix);
        memory.putInt(target + 56, x14 + (int) nonce);
        memory.putInt(target + 60, x15 + (int) (nonce >>> Integer.SIZE));
    }
}
