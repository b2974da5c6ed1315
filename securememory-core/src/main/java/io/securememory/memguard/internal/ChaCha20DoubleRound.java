package io.securememory.memguard.internal;

import static io.securememory.memguard.internal.ChaCha20Lanes.BLOCKS;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;

/**
 * A double round of all blocks of {@link ChaCha20Lanes}.
 *
 * <p>One method, as it is too long to become a part of its caller: of loops in that loop the compiler of Java 17 makes no
 * vectors. For the same reason there are four loops in place of one over four rows, or of one method that is called four times.
 * Two quarter rounds of one loop fit into the registers; of four, the compiler would put words elsewhere.
 */
final class ChaCha20DoubleRound {

    private ChaCha20DoubleRound() {}

    @SuppressWarnings("checkstyle:MethodLength")
    static void compute(ByteBuffer memory, int at) {
        IntBuffer words = ChaCha20Lanes.words(memory, at);
        for (int i = 0; i < BLOCKS; i++) {
            int x0 = words.get(i);
            int x4 = words.get(4 * BLOCKS + i);
            int x8 = words.get(8 * BLOCKS + i);
            int x12 = words.get(12 * BLOCKS + i);
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 16);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 12);
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 8);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 7);
            words.put(i, x0);
            words.put(4 * BLOCKS + i, x4);
            words.put(8 * BLOCKS + i, x8);
            words.put(12 * BLOCKS + i, x12);
        }
        for (int i = 0; i < BLOCKS; i++) {
            int x1 = words.get(1 * BLOCKS + i);
            int x5 = words.get(5 * BLOCKS + i);
            int x9 = words.get(9 * BLOCKS + i);
            int x13 = words.get(13 * BLOCKS + i);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 16);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 12);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 8);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 7);
            words.put(1 * BLOCKS + i, x1);
            words.put(5 * BLOCKS + i, x5);
            words.put(9 * BLOCKS + i, x9);
            words.put(13 * BLOCKS + i, x13);
        }
        for (int i = 0; i < BLOCKS; i++) {
            int x2 = words.get(2 * BLOCKS + i);
            int x6 = words.get(6 * BLOCKS + i);
            int x10 = words.get(10 * BLOCKS + i);
            int x14 = words.get(14 * BLOCKS + i);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 16);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 12);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 8);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 7);
            words.put(2 * BLOCKS + i, x2);
            words.put(6 * BLOCKS + i, x6);
            words.put(10 * BLOCKS + i, x10);
            words.put(14 * BLOCKS + i, x14);
        }
        for (int i = 0; i < BLOCKS; i++) {
            int x3 = words.get(3 * BLOCKS + i);
            int x7 = words.get(7 * BLOCKS + i);
            int x11 = words.get(11 * BLOCKS + i);
            int x15 = words.get(15 * BLOCKS + i);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 16);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 12);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 8);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 7);
            words.put(3 * BLOCKS + i, x3);
            words.put(7 * BLOCKS + i, x7);
            words.put(11 * BLOCKS + i, x11);
            words.put(15 * BLOCKS + i, x15);
        }
        for (int i = 0; i < BLOCKS; i++) {
            int x0 = words.get(i);
            int x5 = words.get(5 * BLOCKS + i);
            int x10 = words.get(10 * BLOCKS + i);
            int x15 = words.get(15 * BLOCKS + i);
            int x1 = words.get(BLOCKS + i);
            int x6 = words.get(6 * BLOCKS + i);
            int x11 = words.get(11 * BLOCKS + i);
            int x12 = words.get(12 * BLOCKS + i);
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
            words.put(i, x0);
            words.put(5 * BLOCKS + i, x5);
            words.put(10 * BLOCKS + i, x10);
            words.put(15 * BLOCKS + i, x15);
            words.put(BLOCKS + i, x1);
            words.put(6 * BLOCKS + i, x6);
            words.put(11 * BLOCKS + i, x11);
            words.put(12 * BLOCKS + i, x12);
        }
        for (int i = 0; i < BLOCKS; i++) {
            int x2 = words.get(2 * BLOCKS + i);
            int x7 = words.get(7 * BLOCKS + i);
            int x8 = words.get(8 * BLOCKS + i);
            int x13 = words.get(13 * BLOCKS + i);
            int x3 = words.get(3 * BLOCKS + i);
            int x4 = words.get(4 * BLOCKS + i);
            int x9 = words.get(9 * BLOCKS + i);
            int x14 = words.get(14 * BLOCKS + i);
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
            words.put(2 * BLOCKS + i, x2);
            words.put(7 * BLOCKS + i, x7);
            words.put(8 * BLOCKS + i, x8);
            words.put(13 * BLOCKS + i, x13);
            words.put(3 * BLOCKS + i, x3);
            words.put(4 * BLOCKS + i, x4);
            words.put(9 * BLOCKS + i, x9);
            words.put(14 * BLOCKS + i, x14);
        }
    }
}
