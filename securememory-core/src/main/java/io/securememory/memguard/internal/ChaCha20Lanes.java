package io.securememory.memguard.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * ChaCha20 key stream of many blocks at once, in the shape that the compiler turns into vector instructions.
 *
 * <p>The same word of all blocks lies side by side, so the words of the key are never next to each other. All of it is in
 * native memory, seen as words: of buffers of words the compiler makes vectors, of buffers of bytes it does not. In an array
 * of the heap a collector would leave copies, whose difference is the key. {@link #wipe()} zeroes it after each use.
 *
 * @see ChaCha20Block
 */
final class ChaCha20Lanes implements KeyStream {

    /** Blocks of one batch. A constant, so that the compiler can tell the rows apart. */
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

    private static final int WORDS_SIZE = WORDS * BLOCKS * Integer.BYTES;

    /** Bytes of native memory that this needs. */
    static final int WORK_SIZE = 2 * WORDS_SIZE;

    private static final byte[] ZEROS = new byte[1024];

    private final ByteBuffer memory;
    private final int at;

    /** Where the key stream is: words of 64 bits, the same one of all blocks side by side. */
    private final int pairs;

    /**
     * Makes lanes over native memory of their own.
     *
     * @param memory little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     */
    ChaCha20Lanes(ByteBuffer memory, int at) {
        this.memory = memory;
        this.at = at;
        this.pairs = at + WORDS_SIZE;
    }

    /** A view that is made where it is used: its class is known to the compiler there, whatever others are loaded. */
    static IntBuffer words(ByteBuffer memory, int at) {
        return memory.slice(at, WORDS_SIZE).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    }

    /**
     * Computes the key stream of a batch.
     *
     * @param source native memory, little-endian
     * @param key where the 32 bytes of the key are
     * @param counter number of the first block
     * @param prefix the first four bytes of the nonce, little-endian
     * @param nonce the last eight bytes of the nonce, little-endian
     */
    void generate(ByteBuffer source, int key, int counter, int prefix, long nonce) {
        for (int row = 0; row < WORDS; row++) {
            int value = initial(source, key, row, counter, prefix, nonce);
            fill(memory, at, row * BLOCKS, value);
        }
        number(memory, at);
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            ChaCha20DoubleRound.compute(memory, at);
        }
        number(memory, at);
        for (int row = 0; row < WORDS; row += 2) {
            int even = initial(source, key, row, counter, prefix, nonce);
            pair(memory, at, row * BLOCKS, even, initial(source, key, row + 1, counter, prefix, nonce));
        }
    }

    private static int initial(ByteBuffer source, int key, int row, int counter, int prefix, long nonce) {
        return switch (row) {
            case 0 -> ChaCha20Block.C0;
            case 1 -> ChaCha20Block.C1;
            case 2 -> ChaCha20Block.C2;
            case 3 -> ChaCha20Block.C3;
            case COUNTER_ROW -> counter;
            case 13 -> prefix;
            case 14 -> (int) nonce;
            case 15 -> (int) (nonce >>> Integer.SIZE);
            default -> source.getInt(key + (row - KEY_ROW) * Integer.BYTES);
        };
    }

    private static void fill(ByteBuffer memory, int at, int row, int value) {
        IntBuffer words = words(memory, at);
        for (int i = 0; i < BLOCKS; i++) {
            words.put(row + i, value);
        }
    }

    /** Adds the place of each block in the batch to its counter. */
    private static void number(ByteBuffer memory, int at) {
        IntBuffer words = words(memory, at);
        for (int i = 0; i < BLOCKS; i++) {
            words.put(COUNTER_ROW * BLOCKS + i, words.get(COUNTER_ROW * BLOCKS + i) + i);
        }
    }

    /** Adds the initial words to two rows and makes one row of words of 64 bits of them. */
    private static void pair(ByteBuffer memory, int at, int row, int even, int odd) {
        IntBuffer words = words(memory, at);
        LongBuffer pairs = memory.slice(at + WORDS_SIZE, WORDS_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        int to = row / 2;
        for (int i = 0; i < BLOCKS; i++) {
            int low = words.get(row + i) + even;
            int high = words.get(row + BLOCKS + i) + odd;
            pairs.put(to + i, (low & LOW_WORD) | ((long) high << Integer.SIZE));
        }
    }

    @Override
    public long wordAt(int offset) {
        int pair = offset / ChaCha20Block.SIZE + offset % ChaCha20Block.SIZE / Long.BYTES * BLOCKS;
        return memory.getLong(pairs + pair * Long.BYTES);
    }

    /** Whole blocks at once where that is safe: the register that plaintext comes to is the one that ciphertext leaves. */
    @Override
    public void encrypt(int start, ByteBuffer plain, int from, byte[] target, int to, int length) {
        int whole = RESULT_REPLACES_OPERAND ? length & -ChaCha20Block.SIZE : 0;
        for (int at = 0; at < whole; at += ChaCha20Block.SIZE) {
            int word = (start + at) / ChaCha20Block.SIZE;
            for (int i = 0; i < ChaCha20Block.SIZE; i += Long.BYTES, word += BLOCKS) {
                LONGS.set(
                        target, to + at + i, plain.getLong(from + at + i) ^ memory.getLong(pairs + word * Long.BYTES));
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
                LONGS.set(
                        target,
                        to + at + i,
                        (long) LONGS.get(plain, from + at + i) ^ memory.getLong(pairs + word * Long.BYTES));
            }
        }
        KeyStream.super.encrypt(start + whole, plain, from + whole, target, to + whole, length - whole);
    }

    void wipe() {
        for (int i = 0; i < WORK_SIZE; i += ZEROS.length) {
            memory.put(at + i, ZEROS);
        }
    }
}
