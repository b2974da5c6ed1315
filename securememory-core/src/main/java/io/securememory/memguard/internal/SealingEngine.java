package io.securememory.memguard.internal;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * ChaCha20-Poly1305 between native memory, where plaintext and key are, and arrays of the heap, where ciphertext is.
 *
 * <p><b>Format</b> of the sealed bytes: eight bytes of nonce, the ciphertext, sixteen bytes of tag. The nonce of RFC 8439
 * is four zeros and these eight bytes. The associated data is not stored: one byte of format version, three
 * zeros, and the length of the plaintext in four bytes, little-endian.
 *
 * <p><b>Residue.</b> Key, one-time key and key stream are in the work area of native memory; only what is computed for many
 * blocks at once passes through arrays, which live as long as the engine. {@link #wipe()} zeroes all of it.
 *
 * <p><b>Threading.</b> For one thread at a time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8439#section-2.8">RFC 8439, section 2.8</a>
 */
public final class SealingEngine {

    /** Bytes that sealing adds. */
    public static final int OVERHEAD = Long.BYTES + Poly1305.TAG_SIZE;

    private static final byte FORMAT = 1;
    private static final int NONCE_PREFIX = 0;

    /** Smallest rest for which a batch is faster than single blocks. */
    private static final int BATCH_FROM = 28 * ChaCha20Block.SIZE;

    /** Shortest ciphertext for which lanes are faster than pairs of blocks. */
    private static final int LANES_FROM = 4 * Poly1305Lanes.STEP;

    /** Whether the compiler makes vectors of products: since Java 24, of a processor that has such an instruction. */
    private static final boolean LANES_HELP =
            Runtime.version().feature() >= 24 && "amd64".equals(System.getProperty("os.arch"));

    private static final int KEY = 0;
    private static final int BLOCK = KEY + ChaCha20Block.KEY_SIZE;
    private static final int TAG = BLOCK + ChaCha20Block.SIZE;
    private static final int MIXED = TAG + Poly1305.STATE_SIZE;

    /** Bytes of native memory that an engine needs. */
    public static final int WORK_SIZE = MIXED + Blake2b.DIGEST_SIZE;

    private final ByteBuffer work;
    private final int at;
    private final KeyStream block;

    /** Made with the first plaintext that is long enough. */
    private @Nullable ChaCha20Lanes lanes;

    /** As the lanes of the key stream. */
    private @Nullable Poly1305Lanes tagLanes;

    /** Whether something is in the lanes of either kind. */
    private boolean lanesUsed;

    /**
     * Makes an engine over a work area, which is its own.
     *
     * @param work native memory, little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     */
    public SealingEngine(ByteBuffer work, int at) {
        Objects.checkFromIndexSize(at, WORK_SIZE, work.limit());
        this.work = work;
        this.at = at;
        this.block = offset -> work.getLong(at + BLOCK + offset);
    }

    /** Sets one word of the first half of the key, from 0 to 3. */
    public void putLeft(int word, long value) {
        work.putLong(at + KEY + word * Long.BYTES, value);
    }

    /** Returns one word of the first half, or of the key once it is combined, from 0 to 3. */
    public long left(int word) {
        return work.getLong(at + KEY + word * Long.BYTES);
    }

    /**
     * Sets the second half of the key by its digest.
     *
     * @param halves native memory, little-endian
     * @param right where the second half is, {@linkplain Blake2b#spread spread}
     */
    public void mix(ByteBuffer halves, int right) {
        Blake2b.compute(halves, right, work, at + MIXED);
    }

    /** Makes the key of both halves: the first one XOR the BLAKE2b-256 digest of the second one. */
    public void combine() {
        for (int word = 0; word < ChaCha20Block.KEY_SIZE; word += Long.BYTES) {
            work.putLong(at + KEY + word, work.getLong(at + KEY + word) ^ work.getLong(at + MIXED + word));
            VarHandle.acquireFence(); // One word at a time in a register.
        }
    }

    /**
     * Seals bytes with the key that was combined last.
     *
     * @param nonce used once under this key
     * @param plain native memory, little-endian
     * @param from first byte of the plaintext
     * @param length bytes of the plaintext
     * @return nonce, ciphertext and tag
     */
    public byte[] seal(long nonce, ByteBuffer plain, int from, int length) {
        byte[] sealed = begin(nonce, length);
        int part;
        for (int done = 0; done < length; done += part) {
            part = part(length - done);
            stream(done, part, nonce).encrypt(0, plain, from + done, sealed, Long.BYTES + done, part);
        }
        return finish(nonce, sealed, length);
    }

    /**
     * Seals bytes of an array: as above. Its loop is one of its own, as an object that knows where bytes are would be made
     * with every access.
     *
     * @param nonce used once under this key
     * @param plain has the plaintext
     * @param from first byte of the plaintext
     * @param length bytes of the plaintext
     * @return nonce, ciphertext and tag
     */
    public byte[] seal(long nonce, byte[] plain, int from, int length) {
        byte[] sealed = begin(nonce, length);
        int part;
        for (int done = 0; done < length; done += part) {
            part = part(length - done);
            stream(done, part, nonce).encrypt(0, plain, from + done, sealed, Long.BYTES + done, part);
        }
        return finish(nonce, sealed, length);
    }

    private static byte[] begin(long nonce, int length) {
        byte[] sealed = new byte[Math.addExact(length, OVERHEAD)];
        KeyStream.LONGS.set(sealed, 0, nonce);
        return sealed;
    }

    private byte[] finish(long nonce, byte[] sealed, int length) {
        tag(nonce, sealed, length);
        KeyStream.LONGS.set(sealed, Long.BYTES + length, work.getLong(at + TAG));
        KeyStream.LONGS.set(sealed, 2 * Long.BYTES + length, work.getLong(at + TAG + Long.BYTES));
        return sealed;
    }

    /**
     * Opens sealed bytes with the key that was combined last. Nothing is written unless the tag is right.
     *
     * @param sealed nonce, ciphertext and tag
     * @param plain native memory, little-endian
     * @param to where the plaintext goes
     * @return whether the tag is right
     */
    public boolean open(byte[] sealed, ByteBuffer plain, int to) {
        int length = plainLength(sealed);
        long nonce = nonce(sealed);
        if (!hasRightTag(nonce, sealed, length)) {
            return false;
        }
        int part;
        for (int done = 0; done < length; done += part) {
            part = part(length - done);
            stream(done, part, nonce).decrypt(0, sealed, Long.BYTES + done, plain, to + done, part);
        }
        return true;
    }

    /**
     * Opens sealed bytes into an array: as above.
     *
     * @param sealed nonce, ciphertext and tag
     * @param plain gets the plaintext
     * @param to where it goes
     * @return whether the tag is right
     */
    public boolean open(byte[] sealed, byte[] plain, int to) {
        int length = plainLength(sealed);
        long nonce = nonce(sealed);
        if (!hasRightTag(nonce, sealed, length)) {
            return false;
        }
        int part;
        for (int done = 0; done < length; done += part) {
            part = part(length - done);
            stream(done, part, nonce).decrypt(0, sealed, Long.BYTES + done, plain, to + done, part);
        }
        return true;
    }

    private boolean hasRightTag(long nonce, byte[] sealed, int length) {
        tag(nonce, sealed, length);
        long difference = ((long) KeyStream.LONGS.get(sealed, Long.BYTES + length) ^ work.getLong(at + TAG))
                | ((long) KeyStream.LONGS.get(sealed, 2 * Long.BYTES + length) ^ work.getLong(at + TAG + Long.BYTES));
        return difference == 0;
    }

    private static int part(int rest) {
        return Math.min(rest, rest < BATCH_FROM ? ChaCha20Block.SIZE : ChaCha20Lanes.SIZE);
    }

    /** Computes the key stream of a part; the first block is the one-time key's. */
    private KeyStream stream(int done, int part, long nonce) {
        int counter = 1 + done / ChaCha20Block.SIZE;
        if (part <= ChaCha20Block.SIZE) {
            ChaCha20Block.compute(work, at + KEY, counter, NONCE_PREFIX, nonce, at + BLOCK);
            return block;
        }
        ChaCha20Lanes batch = lanes;
        if (batch == null) {
            batch = new ChaCha20Lanes();
            lanes = batch;
        }
        lanesUsed = true;
        batch.generate(work, at + KEY, counter, NONCE_PREFIX, nonce);
        return batch;
    }

    private void tag(long nonce, byte[] sealed, int length) {
        ChaCha20Block.compute(work, at + KEY, 0, NONCE_PREFIX, nonce, at + BLOCK);
        long associated = ((long) length << Integer.SIZE) | FORMAT;
        work.putLong(at + BLOCK + Poly1305.ASSOCIATED, associated);
        work.putLong(at + BLOCK + Poly1305.ASSOCIATED + Long.BYTES, 0);
        work.putLong(at + BLOCK + Poly1305.LENGTHS, Long.BYTES);
        work.putLong(at + BLOCK + Poly1305.LENGTHS + Long.BYTES, length);
        Poly1305.compute(work, at + BLOCK, sealed, Long.BYTES, length, at + TAG, tagLanes(length));
    }

    private @Nullable Poly1305Lanes tagLanes(int length) {
        if (!LANES_HELP || length < LANES_FROM) {
            return null;
        }
        Poly1305Lanes made = tagLanes;
        if (made == null) {
            made = new Poly1305Lanes();
            tagLanes = made;
        }
        lanesUsed = true;
        return made;
    }

    /** Overwrites key, key stream and all that was computed from them with zeros. */
    public void wipe() {
        for (int i = 0; i < WORK_SIZE; i += Long.BYTES) {
            work.putLong(at + i, 0);
        }
        if (lanesUsed) {
            wipeLanes();
        }
    }

    private void wipeLanes() {
        if (lanes != null) {
            lanes.wipe();
        }
        if (tagLanes != null) {
            tagLanes.wipe();
        }
        lanesUsed = false;
    }

    /**
     * Returns the nonce of sealed bytes.
     *
     * @param sealed what {@link #seal} returned
     * @return the nonce
     */
    public static long nonce(byte[] sealed) {
        return (long) KeyStream.LONGS.get(sealed, 0);
    }

    /**
     * Returns the length of the plaintext of sealed bytes.
     *
     * @param sealed what {@link #seal} returned
     * @return bytes
     */
    public static int plainLength(byte[] sealed) {
        return sealed.length - OVERHEAD;
    }
}
