package io.securememory.memguard.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Computes the key streams of one engine, one after the other, in native memory.
 *
 * <p>What is long is computed many blocks at once, where there is memory for that. It goes through registers of vectors then, which
 * are not overwritten as those of single blocks are; so it has a key of its own, half a block under the engine's key, and no
 * more than that one text depends on it.
 */
final class KeyStreams {

    private static final int NONCE_PREFIX = 0;

    /** Where the nonce of RFC 8439 has four zeros: keeps a block that is a key apart from all that are key stream. */
    private static final int OWN_KEY_PREFIX = 1;

    /** Most blocks that are computed one by one in one go. */
    private static final int BLOCKS = 8;

    /** Smallest rest for which a batch is faster than single blocks. */
    private static final int BATCH_FROM = 28 * ChaCha20Block.SIZE;

    /** The first block of a key stream, half of which is the one-time key of the tag. Behind what is overwritten with. */
    private static final int ONE_TIME = ChaCha20Block.SPARE_SIZE;

    private static final int BLOCK = ONE_TIME + ChaCha20Block.SIZE;

    /** A block, half of which is a key. */
    private static final int OWN_KEY = BLOCK + BLOCKS * ChaCha20Block.SIZE;

    /** Bytes of native memory that this needs. */
    static final int WORK_SIZE = OWN_KEY + ChaCha20Block.SIZE;

    private final ByteBuffer work;
    private final int at;
    private final int key;
    private final KeyStream block;
    private final @Nullable ChaCha20Lanes lanes;

    /** Up to where the memory holds something. */
    private int used;

    private boolean lanesAllowed = true;
    private boolean lanesUsed;

    /**
     * @param work native memory, little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     * @param key where the key is
     * @param lanes computes many blocks at once, or null
     */
    KeyStreams(ByteBuffer work, int at, int key, @Nullable ChaCha20Lanes lanes) {
        this.work = work;
        this.at = at;
        this.key = key;
        this.block = offset -> work.getLong(at + BLOCK + offset);
        this.lanes = lanes;
    }

    /** Whether so many bytes have a key of their own and are computed in batches. */
    static boolean isLong(int length) {
        return length >= BATCH_FROM;
    }

    /** Says whether the memory of the lanes may be used. */
    void allowLanes(boolean allowed) {
        lanesAllowed = allowed;
    }

    /** How many bytes of the rest the next key stream is for. */
    int part(int rest) {
        return Math.min(rest, usesLanes(rest) ? ChaCha20Lanes.SIZE : BLOCKS * ChaCha20Block.SIZE);
    }

    private boolean usesLanes(int rest) {
        return lanesAllowed && lanes != null && isLong(rest);
    }

    /**
     * Begins with a text: makes its key, if it has one of its own, and the first block of the key stream, which is not for the
     * text, and what is computed in one go with it.
     */
    void start(long nonce, int length) {
        if (isLong(length)) {
            compute(key, 0, OWN_KEY_PREFIX, nonce, OWN_KEY, 1);
        }
        int blocks = usesLanes(length) ? 0 : blocksOf(part(length));
        compute(keyOf(length), 0, NONCE_PREFIX, nonce, ONE_TIME, 1 + blocks);
    }

    /** Where the one-time key of the tag is: half a block. The other half is free. */
    int oneTimeKey() {
        return at + ONE_TIME;
    }

    private static int blocksOf(int part) {
        return (part + ChaCha20Block.SIZE - 1) / ChaCha20Block.SIZE;
    }

    private int keyOf(int length) {
        return isLong(length) ? at + OWN_KEY : key;
    }

    /** Returns the key stream of a part, after computing it, unless it was computed with the first block. */
    KeyStream of(int done, int part, long nonce, int length) {
        int counter = 1 + done / ChaCha20Block.SIZE;
        ChaCha20Lanes batch = lanes;
        if (batch != null && usesLanes(length - done)) {
            lanesUsed = true;
            batch.generate(work, keyOf(length), counter, NONCE_PREFIX, nonce);
            return batch;
        }
        if (done > 0) {
            compute(keyOf(length), counter, NONCE_PREFIX, nonce, BLOCK, blocksOf(part));
        }
        return block;
    }

    private void compute(int with, int counter, int prefix, long nonce, int target, int count) {
        used = Math.max(used, target + count * ChaCha20Block.SIZE);
        ChaCha20Block.compute(work, with, counter, prefix, nonce, at + target, count, at);
    }

    /** Bytes from the first one that the caller wipes. */
    int used() {
        return used;
    }

    /** After the caller has wiped {@link #used()} bytes: wipes the lanes. */
    void end() {
        used = 0;
        if (lanesUsed && lanes != null) {
            lanes.wipe();
            lanesUsed = false;
        }
    }
}
