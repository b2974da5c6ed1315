package io.securememory.crypto;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The block function of ChaCha20, from native memory to native memory.
 *
 * <p><b>Residue.</b> The state is in local variables, so neither the key nor the key stream is ever in an object on the
 * heap, which the garbage collector could copy. But sixteen words do not fit into registers: compiled code keeps some
 * of them, including words of the key, in its frame on the stack, and interpreted code keeps all of them there. So each
 * computation is followed by one of two rounds over zeros, called from the same frame: the same code puts its words
 * into the same places and registers.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8439#section-2.3">RFC 8439, section 2.3</a>
 */
final class ChaCha20Block {

    /** Bytes of one block. */
    static final int SIZE = 64;

    static final int KEY_SIZE = 32;

    /** Bytes that a computation over zeros needs: a key and a block. */
    static final int SPARE_SIZE = KEY_SIZE + SIZE;

    private static final int DOUBLE_ROUNDS = 10;

    /** "expand 32-byte k", little-endian. */
    static final int C0 = 0x61707865;

    static final int C1 = 0x3320646e;
    static final int C2 = 0x79622d32;
    static final int C3 = 0x6b206574;

    private ChaCha20Block() {}

    /**
     * Computes blocks of key stream.
     *
     * @param memory native memory, little-endian
     * @param key index of the 32 bytes of the key
     * @param counter number of the first block
     * @param prefix the first four bytes of the nonce, little-endian
     * @param nonce the last eight bytes of the nonce, little-endian
     * @param target index for the blocks of 64 bytes, one after the other
     * @param count how many blocks
     * @param spare index of {@link #SPARE_SIZE} bytes for the computation over zeros; the first 32 are zeros
     */
    @SuppressWarnings("checkstyle:ParameterNumber")
    static void compute(
            ByteBuffer memory, int key, int counter, int prefix, long nonce, int target, int count, int spare) {
        for (int i = 0; i < count; i++) {
            rounds(memory, key, counter + i, prefix, nonce, target + i * SIZE, DOUBLE_ROUNDS);
        }
        rounds(memory, spare, 0, 0, 0, spare + KEY_SIZE, 1);
    }

    /**
     * Computes one block and leaves traces on the stack. For blocks that another computation follows, and for tests.
     */
    @SuppressWarnings("checkstyle:MethodLength") // Sixteen words in local variables cannot be shared between methods.
    static void rounds(ByteBuffer memory, int key, int counter, int prefix, long nonce, int target, int doubleRounds) {
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
        int most = Math.min(
                doubleRounds,
                DOUBLE_ROUNDS); // The compiler knows that it is small: so no thread is stopped in the loop.
        // The loop is a part of a sum, whose first part is on the operand stack meanwhile. No compiler enters such a
        // loop in the middle (on-stack replacement): the JVM would copy all variables for that, and not wipe the copy.
        int first = counter
                + switch (most) {
                    default -> {
                        for (int i = 0; i < most; i++) {
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
                        yield 0;
                    }
                };
        memory.putInt(target, x0 + C0);
        memory.putInt(target + 4, x1 + C1);
        memory.putInt(target + 8, x2 + C2);
        memory.putInt(target + 12, x3 + C3);
        addKey(memory, key, target + 16, x4);
        addKey(memory, key + 4, target + 20, x5);
        addKey(memory, key + 8, target + 24, x6);
        addKey(memory, key + 12, target + 28, x7);
        addKey(memory, key + 16, target + 32, x8);
        addKey(memory, key + 20, target + 36, x9);
        addKey(memory, key + 24, target + 40, x10);
        addKey(memory, key + 28, target + 44, x11);
        memory.putInt(target + 48, x12 + first);
        memory.putInt(target + 52, x13 + prefix);
        memory.putInt(target + 56, x14 + (int) nonce);
        memory.putInt(target + 60, x15 + (int) (nonce >>> Integer.SIZE));
    }

    /**
     * Adds one word of the key. With a fence: the word is read here and not earlier, and its register is reused for the
     * next word.
     */
    private static void addKey(ByteBuffer memory, int key, int target, int word) {
        VarHandle.acquireFence();
        memory.putInt(target, word + memory.getInt(key));
    }
}
