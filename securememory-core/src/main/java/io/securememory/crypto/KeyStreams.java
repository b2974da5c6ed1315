package io.securememory.crypto;

import java.nio.ByteBuffer;

/**
 * Computes the key streams of one engine, one after the other, in native memory.
 *
 * <p>What is long has keys of its own if a library computes it, a block under the engine's key: see {@link LibraryCipher}.
 */
final class KeyStreams {

    private static final int NONCE_PREFIX = 0;

    /** Where the nonce of RFC 8439 has four zeros: keeps a block of two keys apart from all that are key stream. */
    private static final int OWN_KEY_PREFIX = 1;

    /** Most blocks that are computed in one go. */
    private static final int BLOCKS = 8;

    /** Bytes of a part of a text. */
    static final int PART = BLOCKS * ChaCha20Block.SIZE;

    /** The first block of a key stream, half of which is the one-time key of the tag. Behind what is overwritten with. */
    private static final int ONE_TIME = ChaCha20Block.SPARE_SIZE;

    private static final int BLOCK = ONE_TIME + ChaCha20Block.SIZE;

    /** A block, each half of which is a key. In the place of the first one, as what has it has no key stream here. */
    private static final int OWN_KEYS = ONE_TIME;

    /** Bytes of native memory that this needs. */
    static final int WORK_SIZE = BLOCK + PART;

    private final ByteBuffer work;
    private final int at;
    private final int key;
    private final KeyStream block;

    /** Up to where the memory holds something. */
    private int used;

    /**
     * @param work native memory, little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     * @param key where the key is
     */
    KeyStreams(ByteBuffer work, int at, int key) {
        this.work = work;
        this.at = at;
        this.key = key;
        this.block = offset -> work.getLong(at + BLOCK + offset);
    }

    /** How many bytes of the rest the next key stream is for. */
    static int part(int rest) {
        return Math.min(rest, PART);
    }

    /** Makes the keys of a long text. Its length is where other blocks have their number: with another one the keys are others. */
    void putOwnKeys(long nonce, int length) {
        compute(length, OWN_KEY_PREFIX, nonce, OWN_KEYS, 1);
    }

    /** Where the keys of a long text are. */
    int ownKeys() {
        return at + OWN_KEYS;
    }

    /** Where there are as many zeros as a key has bytes. */
    int zeros() {
        return at;
    }

    /** Where a part of a text can be instead of a key stream: to the end of the memory, and behind it. */
    int part() {
        return at + BLOCK;
    }

    /**
     * Begins with a text: computes the first block of the key stream, which is not for the text, and what is computed in one go with
     * it.
     */
    void start(long nonce, int length) {
        compute(0, NONCE_PREFIX, nonce, ONE_TIME, 1 + blocksOf(part(length)));
    }

    /** Where the one-time key of the tag is: half a block. The other half is free. */
    int oneTimeKey() {
        return at + ONE_TIME;
    }

    private static int blocksOf(int part) {
        return (part + ChaCha20Block.SIZE - 1) / ChaCha20Block.SIZE;
    }

    /** Returns the key stream of a part, after computing it, unless it was computed with the first block. */
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

    /** Bytes from the first one that the caller wipes. */
    int used() {
        return used;
    }

    /** After the caller has wiped {@link #used()} bytes. */
    void end() {
        used = 0;
    }
}
