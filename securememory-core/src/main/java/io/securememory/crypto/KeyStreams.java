package io.securememory.crypto;

import java.nio.ByteBuffer;

/**
 * Computes the key streams of one engine, one after the other, in native memory.
 *
 * <p>A long text that a library computes has keys of its own, which are a block under the engine's key: see {@link
 * LibraryCipher}.
 */
final class KeyStreams {

    private static final int NONCE_PREFIX = 0;

    /**
     * The first four bytes of the nonce, which are zeros otherwise. So a block of two keys differs from all blocks of
     * key stream.
     */
    private static final int OWN_KEY_PREFIX = 1;

    /** Most blocks that are computed at once. */
    private static final int BLOCKS = 8;

    /** Bytes of a part of a text. */
    static final int PART = BLOCKS * ChaCha20Block.SIZE;

    /**
     * The first block of a key stream, half of which is the one-time key of the tag. In front of it is the memory for
     * computations over zeros.
     */
    private static final int ONE_TIME = ChaCha20Block.SPARE_SIZE;

    private static final int BLOCK = ONE_TIME + ChaCha20Block.SIZE;

    /**
     * The block whose halves are the two keys of a long text. In the place of the first block, which such a text does
     * not need.
     */
    private static final int OWN_KEYS = ONE_TIME;

    /** Bytes of native memory that this needs. */
    static final int WORK_SIZE = BLOCK + PART;

    private final ByteBuffer work;
    private final int at;
    private final int key;
    private final KeyStream block;

    /** End of the memory that holds data. */
    private int used;

    /**
     * @param work native memory, little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     * @param key index of the key
     */
    KeyStreams(ByteBuffer work, int at, int key) {
        this.work = work;
        this.at = at;
        this.key = key;
        this.block = offset -> work.getLong(at + BLOCK + offset);
    }

    /** Returns the length of the next part, if this many bytes are left. */
    static int part(int rest) {
        return Math.min(rest, PART);
    }

    /**
     * Computes the keys of a long text. Its length takes the place of the block number, so texts of other lengths have
     * other keys.
     */
    void putOwnKeys(long nonce, int length) {
        compute(length, OWN_KEY_PREFIX, nonce, OWN_KEYS, 1);
    }

    /** Returns the index of the keys of a long text. */
    int ownKeys() {
        return at + OWN_KEYS;
    }

    /** Returns the index of a key of zeros. */
    int zeros() {
        return at;
    }

    /**
     * Returns the index of the memory for key stream, which can hold a piece of text instead. It extends to the end of
     * the memory, and beyond.
     */
    int part() {
        return at + BLOCK;
    }

    /**
     * Begins a text: computes the first block of the key stream, which is not used for the text, together with the
     * first blocks for it.
     */
    void start(long nonce, int length) {
        compute(0, NONCE_PREFIX, nonce, ONE_TIME, 1 + blocksOf(part(length)));
    }

    /** Returns the index of the one-time key of the tag, which is half a block. The other half is free. */
    int oneTimeKey() {
        return at + ONE_TIME;
    }

    private static int blocksOf(int part) {
        return (part + ChaCha20Block.SIZE - 1) / ChaCha20Block.SIZE;
    }

    /** Returns the key stream of a part. Computes it, unless {@link #start} has done so. */
    KeyStream of(int done, int part, long nonce) {
        if (done > 0) {
            compute(1 + done / ChaCha20Block.SIZE, NONCE_PREFIX, nonce, BLOCK, blocksOf(part));
        }
        return block;
    }

    /** Returns the key stream of a part under the second key of a long text. */
    KeyStream ofInner(int done, int part, long nonce) {
        int counter = done / ChaCha20Block.SIZE;
        compute(ownKeys() + ChaCha20Block.KEY_SIZE, counter, NONCE_PREFIX, nonce, BLOCK, blocksOf(part));
        return block;
    }

    private void compute(int counter, int prefix, long nonce, int target, int count) {
        compute(key, counter, prefix, nonce, target, count);
    }

    private void compute(int with, int counter, int prefix, long nonce, int target, int count) {
        used = Math.max(used, target + count * ChaCha20Block.SIZE);
        ChaCha20Block.compute(work, with, counter, prefix, nonce, at + target, count, at);
    }

    /** Returns how many bytes, from the first one on, the caller has to wipe. */
    int used() {
        return used;
    }

    /** To be called after the caller has wiped {@link #used()} bytes. */
    void end() {
        used = 0;
    }
}
