package io.securememory.crypto;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * ChaCha20-Poly1305 between native memory, which holds plaintext and key, and arrays on the heap, which hold
 * ciphertext.
 *
 * <p><b>Format</b> of the sealed bytes: eight bytes of nonce, the ciphertext, sixteen bytes of tag. The nonce of RFC
 * 8439 is four zeros and these eight bytes. Format 1 uses the engine's key. Its associated data is not stored: one byte
 * of format version, three zeros, and the length of the plaintext in four bytes, little-endian. Format 2 is for long
 * texts, where there is a library. Its two keys are the halves of one ChaCha20 block under the engine's key. The number
 * of that block is the length of the plaintext, and its nonce begins with a one and three zeros instead of four zeros.
 * The plaintext is encrypted with ChaCha20 under the second key, from block 0 on, and the result with ChaCha20-Poly1305
 * under the first key, without associated data.
 *
 * <p><b>Residue.</b> Key, one-time key and key stream are in native memory only, which {@link #wipe()} zeroes.
 * Computations with the engine's key itself leave nothing of it in registers or on the stack, see {@link
 * ChaCha20Block}.
 *
 * <p><b>Threading.</b> For one thread at a time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8439#section-2.8">RFC 8439, section 2.8</a>
 */
public final class SealingEngine {

    /** Bytes that sealing adds. */
    public static final int OVERHEAD = Long.BYTES + Poly1305.TAG_SIZE;

    private static final byte FORMAT = 1;

    private static final int KEY = 0;
    private static final int MIXED = KEY + ChaCha20Block.KEY_SIZE;
    private static final int TAG = MIXED + Blake2b.DIGEST_SIZE;

    private static final int LIBRARY = TAG + Poly1305.STATE_SIZE;
    private static final int STREAMS = LIBRARY + LibraryCipher.WORK_SIZE;

    /** Bytes of native memory that an engine needs. */
    public static final int WORK_SIZE = STREAMS + KeyStreams.WORK_SIZE;

    /** Bytes of memory behind the work area with which a library is faster. */
    public static final int FREE_SIZE = LibraryCipher.LARGEST_PIECE - KeyStreams.PART;

    private static final byte[] ZEROS = new byte[WORK_SIZE + FREE_SIZE];
    private static final int WARM_UPS = 20_000;

    private final ByteBuffer work;
    private final int at;
    private final KeyStreams streams;
    private final Supplier<@Nullable LibCrypto> finder;
    private @Nullable LibraryCipher library;
    private int free;

    /** Bytes behind the work area that hold data, or -1 if only a part of the work area does. */
    private int freeUsed = -1;

    /**
     * After how many more uses the stack is still overwritten. Code that is not fully compiled keeps more words in
     * registers, which the JVM saves on the stack when it stops the thread.
     */
    private int warmUps = WARM_UPS;

    /**
     * Makes an engine. No other code may use its work area.
     *
     * @param work native memory, little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     * @param finder finds the library for long texts, or null; must always return the same
     */
    public SealingEngine(ByteBuffer work, int at, Supplier<@Nullable LibCrypto> finder) {
        Objects.checkFromIndexSize(at, WORK_SIZE, work.limit());
        this.work = work;
        this.at = at;
        this.streams = new KeyStreams(work, at + STREAMS, at + KEY);
        this.finder = finder;
    }

    /**
     * Sets how much memory behind the work area the engine may use from then on. At first it is none.
     *
     * @param bytes number of bytes, of which at most {@link #FREE_SIZE} are used
     */
    public void setFree(int bytes) {
        free = Math.min(bytes, FREE_SIZE);
    }

    /** Sets one word of the first half of the key. Words are numbered from 0 to 3. */
    public void putLeft(int word, long value) {
        work.putLong(at + KEY + word * Long.BYTES, value);
    }

    /** Returns one word of the first half, or of the key once it is combined. Words are numbered from 0 to 3. */
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

    /** Computes the key from both halves: the first one XOR the BLAKE2b-256 digest of the second one. */
    public void combine() {
        int step = WordLoop.step(Integer.BYTES); // If unrolled, each word of the key would be in a different register.
        for (int word = 0; word < ChaCha20Block.KEY_SIZE; word += step) {
            work.putInt(at + KEY + word, work.getInt(at + KEY + word) ^ work.getInt(at + MIXED + word));
            VarHandle.acquireFence();
        }
    }

    /**
     * Seals bytes with the key that was combined last.
     *
     * @param nonce must be used only once under this key
     * @param plain native memory, little-endian
     * @param from first byte of the plaintext
     * @param length bytes of the plaintext
     * @return nonce, ciphertext and tag
     */
    public byte[] seal(long nonce, ByteBuffer plain, int from, int length) {
        byte[] sealed = begin(nonce, length);
        LibraryCipher with = libraryFor(length);
        int part;
        for (int done = 0; done < length; done += part) {
            part = KeyStreams.part(length - done);
            stream(with, done, part, nonce, length).encrypt(0, plain, from + done, sealed, Long.BYTES + done, part);
        }
        return finish(with, nonce, sealed, length);
    }

    /** Seals bytes of an array. The loops are separate: one loop for both would make an object for each access. */
    public byte[] seal(long nonce, byte[] plain, int from, int length) {
        byte[] sealed = begin(nonce, length);
        LibraryCipher with = libraryFor(length);
        int part;
        for (int done = 0; done < length; done += part) {
            part = KeyStreams.part(length - done);
            stream(with, done, part, nonce, length).encrypt(0, plain, from + done, sealed, Long.BYTES + done, part);
        }
        return finish(with, nonce, sealed, length);
    }

    /**
     * Seals native memory that may be overwritten. Faster than the other methods for long texts.
     *
     * @param nonce must be used only once under this key
     * @param plain native memory, little-endian
     * @param from first byte of the plaintext, which may be overwritten
     * @param length bytes of the plaintext
     * @return nonce, ciphertext and tag
     */
    public byte[] sealInPlace(long nonce, ByteBuffer plain, int from, int length) {
        LibraryCipher with = libraryFor(length);
        if (with == null) {
            return seal(nonce, plain, from, length);
        }
        byte[] sealed = begin(nonce, length);
        streams.putOwnKeys(nonce, length);
        with.seal(nonce, plain, from, sealed, Long.BYTES, length);
        return sealed;
    }

    /** Returns the key stream of a part: under the second key if a library uses the first one. */
    private KeyStream stream(@Nullable LibraryCipher with, int done, int part, long nonce, int length) {
        if (done == 0 && with != null) {
            streams.putOwnKeys(nonce, length);
        } else if (done == 0) {
            streams.start(nonce, length);
        }
        return with != null ? streams.ofInner(done, part, nonce) : streams.of(done, part, nonce);
    }

    private byte[] begin(long nonce, int length) {
        byte[] sealed = new byte[Math.addExact(length, OVERHEAD)];
        KeyStream.LONGS.set(sealed, 0, nonce);
        return sealed;
    }

    /** Returns the library for a text, or null if there is none or the text is too short for it. */
    private @Nullable LibraryCipher libraryFor(int length) {
        if (length < LibCrypto.SHORTEST) {
            return null;
        }
        if (library == null) {
            LibCrypto found = finder.get();
            library = found == null ? null : libraryCipher(found);
        }
        if (library == null || length < library.worthwhileFrom()) {
            return null;
        }
        freeUsed = Math.max(freeUsed, free);
        library.setPieceSize(KeyStreams.PART + free);
        return library;
    }

    private LibraryCipher libraryCipher(LibCrypto found) {
        return new LibraryCipher(found, work, at + LIBRARY, streams.ownKeys(), streams.zeros(), streams.part());
    }

    private byte[] finish(@Nullable LibraryCipher with, long nonce, byte[] sealed, int length) {
        if (with != null) {
            with.sealOuter(nonce, sealed, Long.BYTES, length);
            return sealed;
        }
        tag(sealed, length);
        KeyStream.LONGS.set(sealed, Long.BYTES + length, work.getLong(at + TAG));
        KeyStream.LONGS.set(sealed, 2 * Long.BYTES + length, work.getLong(at + TAG + Long.BYTES));
        return sealed;
    }

    /**
     * Opens sealed bytes with the key that was combined last. If the tag is wrong, no plaintext is left in the target.
     *
     * @param sealed nonce, ciphertext and tag
     * @param plain native memory, little-endian
     * @param to index of the first byte of the plaintext
     * @return true if the tag is right
     */
    public boolean open(byte[] sealed, ByteBuffer plain, int to) {
        int length = plainLength(sealed);
        long nonce = nonce(sealed);
        LibraryCipher with = libraryFor(length);
        if (with != null) {
            streams.putOwnKeys(nonce, length);
            return with.open(nonce, sealed, Long.BYTES, plain, to, length);
        }
        if (!hasRightTag(nonce, sealed, length)) {
            return false;
        }
        int part;
        for (int done = 0; done < length; done += part) {
            part = KeyStreams.part(length - done);
            streams.of(done, part, nonce).decrypt(0, sealed, Long.BYTES + done, plain, to + done, part);
        }
        return true;
    }

    /** Opens sealed bytes into an array instead of native memory. */
    public boolean open(byte[] sealed, byte[] plain, int to) {
        int length = plainLength(sealed);
        long nonce = nonce(sealed);
        LibraryCipher with = libraryFor(length);
        if (with != null) {
            streams.putOwnKeys(nonce, length);
            if (!with.openOuter(nonce, sealed, Long.BYTES, plain, to, length)) {
                return false;
            }
        } else if (!hasRightTag(nonce, sealed, length)) {
            return false;
        }
        int part;
        for (int done = 0; done < length; done += part) {
            part = KeyStreams.part(length - done);
            if (with != null) {
                streams.ofInner(done, part, nonce).decrypt(0, plain, to + done, plain, to + done, part);
            } else {
                streams.of(done, part, nonce).decrypt(0, sealed, Long.BYTES + done, plain, to + done, part);
            }
        }
        return true;
    }

    private boolean hasRightTag(long nonce, byte[] sealed, int length) {
        streams.start(nonce, length);
        tag(sealed, length);
        long difference = ((long) KeyStream.LONGS.get(sealed, Long.BYTES + length) ^ work.getLong(at + TAG))
                | ((long) KeyStream.LONGS.get(sealed, 2 * Long.BYTES + length) ^ work.getLong(at + TAG + Long.BYTES));
        return difference == 0;
    }

    private void tag(byte[] sealed, int length) {
        int key = streams.oneTimeKey();
        work.putLong(key + Poly1305.ASSOCIATED, ((long) length << Integer.SIZE) | FORMAT);
        work.putLong(key + Poly1305.ASSOCIATED + Long.BYTES, 0);
        work.putLong(key + Poly1305.LENGTHS, Long.BYTES);
        work.putLong(key + Poly1305.LENGTHS + Long.BYTES, length);
        Poly1305.compute(work, key, sealed, Long.BYTES, length, at + TAG);
    }

    /** Overwrites the key, the key stream and everything computed from them with zeros. */
    public void wipe() {
        work.put(at, ZEROS, 0, freeUsed >= 0 ? WORK_SIZE + freeUsed : STREAMS + streams.used());
        freeUsed = -1;
        streams.end();
        if (warmUps > 0) {
            warmUps--;
            StackProbe.wipe();
        }
    }

    /**
     * Returns the nonce of sealed bytes.
     *
     * @param sealed bytes that {@link #seal} returned
     * @return the nonce
     */
    public static long nonce(byte[] sealed) {
        return (long) KeyStream.LONGS.get(sealed, 0);
    }

    /**
     * Returns the length of the plaintext of sealed bytes.
     *
     * @param sealed bytes that {@link #seal} returned
     * @return bytes
     */
    public static int plainLength(byte[] sealed) {
        return sealed.length - OVERHEAD;
    }
}
