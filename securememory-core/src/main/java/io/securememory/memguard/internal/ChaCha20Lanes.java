package io.securememory.memguard.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * ChaCha20 key stream of many blocks at once, in the shape that the compiler turns into vector instructions.
 *
 * <p>The same word of all blocks lies side by side, so the words of the key are never next to each other. The array
 * lives as long as its window; {@link #wipe()} zeroes it after each use.
 *
 * @see ChaCha20Block
 */
final class ChaCha20Lanes implements KeyStream {

    /** Blocks of one batch. A constant, so that the compiler can tell the rows of the array apart. */
    static final int BLOCKS = 128;

    /** Bytes of key stream of one batch. */
    static final int SIZE = BLOCKS * ChaCha20Block.SIZE;

    private static final int WORDS = 16;
    private static final int KEY_ROW = 4;
    private static final int COUNTER_ROW = 12;
    private static final int DOUBLE_ROUNDS = 10;
    private static final long LOW_WORD = 0xFFFF_FFFFL;

    /** Whether an operation of two words puts its result in the place of one of them. */
    private static final boolean RESULT_REPLACES_OPERAND = "amd64".equals(System.getProperty("os.arch"));

    private final int[] words = new int[WORDS * BLOCKS];

    /** The key stream: words of 64 bits, the same one of all blocks side by side. */
    private final long[] pairs = new long[WORDS / 2 * BLOCKS];

    /**
     * Computes the key stream of a batch.
     *
     * @param memory native memory, little-endian
     * @param key where the 32 bytes of the key are
     * @param counter number of the first block
     * @param prefix the first four bytes of the nonce, little-endian
     * @param nonce the last eight bytes of the nonce, little-endian
     */
    void generate(ByteBuffer memory, int key, int counter, int prefix, long nonce) {
        for (int row = 0; row < WORDS; row++) {
            int value = initial(memory, key, row, counter, prefix, nonce);
            Arrays.fill(words, row * BLOCKS, (row + 1) * BLOCKS, value);
        }
        number(words);
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            columns(words);
            diagonals01(words);
            diagonals23(words);
        }
        number(words);
        for (int row = 0; row < WORDS; row += 2) {
            int even = initial(memory, key, row, counter, prefix, nonce);
            pair(words, row * BLOCKS, even, initial(memory, key, row + 1, counter, prefix, nonce), pairs);
        }
    }

    private static int initial(ByteBuffer memory, int key, int row, int counter, int prefix, long nonce) {
        return switch (row) {
            case 0 -> ChaCha20Block.C0;
            case 1 -> ChaCha20Block.C1;
            case 2 -> ChaCha20Block.C2;
            case 3 -> ChaCha20Block.C3;
            case COUNTER_ROW -> counter;
            case 13 -> prefix;
            case 14 -> (int) nonce;
            case 15 -> (int) (nonce >>> Integer.SIZE);
            default -> memory.getInt(key + (row - KEY_ROW) * Integer.BYTES);
        };
    }

    /** Adds the place of each block in the batch to its counter. */
    private static void number(int[] words) {
        for (int i = 0; i < BLOCKS; i++) {
            words[COUNTER_ROW * BLOCKS + i] += i;
        }
    }

    /** Adds the initial words to two rows and makes one row of words of 64 bits of them. */
    private static void pair(int[] words, int row, int even, int odd, long[] pairs) {
        int to = row / 2;
        for (int i = 0; i < BLOCKS; i++) {
            int low = words[row + i] + even;
            int high = words[row + BLOCKS + i] + odd;
            pairs[to + i] = (low & LOW_WORD) | ((long) high << Integer.SIZE);
        }
    }

    /** The first half of a double round: four rows next to each other go through the same steps, so they are one row. */
    private static void columns(int[] words) {
        for (int i = 0; i < 4 * BLOCKS; i++) {
            int x0 = words[i];
            int x4 = words[4 * BLOCKS + i];
            int x8 = words[8 * BLOCKS + i];
            int x12 = words[12 * BLOCKS + i];
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 16);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 12);
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 8);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 7);
            words[i] = x0;
            words[4 * BLOCKS + i] = x4;
            words[8 * BLOCKS + i] = x8;
            words[12 * BLOCKS + i] = x12;
        }
    }

    /** The second half. Two quarter rounds fit into the registers; of four, the compiler would put words elsewhere. */
    @SuppressWarnings("checkstyle:MethodLength") // One loop, or the compiler would store and load between the steps.
    private static void diagonals01(int[] words) {
        for (int i = 0; i < BLOCKS; i++) {
            int x0 = words[i];
            int x1 = words[BLOCKS + i];
            int x5 = words[5 * BLOCKS + i];
            int x6 = words[6 * BLOCKS + i];
            int x10 = words[10 * BLOCKS + i];
            int x11 = words[11 * BLOCKS + i];
            int x12 = words[12 * BLOCKS + i];
            int x15 = words[15 * BLOCKS + i];
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
            words[i] = x0;
            words[BLOCKS + i] = x1;
            words[5 * BLOCKS + i] = x5;
            words[6 * BLOCKS + i] = x6;
            words[10 * BLOCKS + i] = x10;
            words[11 * BLOCKS + i] = x11;
            words[12 * BLOCKS + i] = x12;
            words[15 * BLOCKS + i] = x15;
        }
    }

    @SuppressWarnings("checkstyle:MethodLength") // One loop, or the compiler would store and load between the steps.
    private static void diagonals23(int[] words) {
        for (int i = 0; i < BLOCKS; i++) {
            int x2 = words[2 * BLOCKS + i];
            int x3 = words[3 * BLOCKS + i];
            int x4 = words[4 * BLOCKS + i];
            int x7 = words[7 * BLOCKS + i];
            int x8 = words[8 * BLOCKS + i];
            int x9 = words[9 * BLOCKS + i];
            int x13 = words[13 * BLOCKS + i];
            int x14 = words[14 * BLOCKS + i];
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
            words[2 * BLOCKS + i] = x2;
            words[3 * BLOCKS + i] = x3;
            words[4 * BLOCKS + i] = x4;
            words[7 * BLOCKS + i] = x7;
            words[8 * BLOCKS + i] = x8;
            words[9 * BLOCKS + i] = x9;
            words[13 * BLOCKS + i] = x13;
            words[14 * BLOCKS + i] = x14;
        }
    }

    @Override
    public long wordAt(int offset) {
        return pairs[offset / ChaCha20Block.SIZE + offset % ChaCha20Block.SIZE / Long.BYTES * BLOCKS];
    }

    /** Whole blocks at once where that is safe: the register that plaintext comes to is the one that ciphertext leaves. */
    @Override
    public void encrypt(int start, ByteBuffer plain, int from, byte[] target, int to, int length) {
        int whole = RESULT_REPLACES_OPERAND ? length & -ChaCha20Block.SIZE : 0;
        for (int at = 0; at < whole; at += ChaCha20Block.SIZE) {
            int word = (start + at) / ChaCha20Block.SIZE;
            for (int i = 0; i < ChaCha20Block.SIZE; i += Long.BYTES, word += BLOCKS) {
                LONGS.set(target, to + at + i, plain.getLong(from + at + i) ^ pairs[word]);
            }
        }
        KeyStream.super.encrypt(start + whole, plain, from + whole, target, to + whole, length - whole);
    }

    /** As above. */
    @Override
    public void encrypt(int start, byte[] plain, int from, byte[] target, int to, int length) {
        int whole = RESULT_REPLACES_OPERAND ? length & -ChaCha20Block.SIZE : 0;
        for (int at = 0; at < whole; at += ChaCha20Block.SIZE) {
            int word = (start + at) / ChaCha20Block.SIZE;
            for (int i = 0; i < ChaCha20Block.SIZE; i += Long.BYTES, word += BLOCKS) {
                LONGS.set(target, to + at + i, (long) LONGS.get(plain, from + at + i) ^ pairs[word]);
            }
        }
        KeyStream.super.encrypt(start + whole, plain, from + whole, target, to + whole, length - whole);
    }

    void wipe() {
        Arrays.fill(words, 0);
        Arrays.fill(pairs, 0);
    }
}
