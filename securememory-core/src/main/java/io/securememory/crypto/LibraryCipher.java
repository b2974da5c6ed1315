package io.securememory.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Seals and opens the long texts of one engine with a library: ChaCha20 under one key, and ChaCha20-Poly1305 under
 * another key over the result.
 *
 * <p><b>Residue.</b> The library copies a key into memory of its own, which is neither locked nor kept out of core
 * dumps, and wipes that memory before freeing it. It does not wipe what its code leaves in registers and on the stack.
 * When the JVM stops the thread, it saves the registers on the stack, or in memory of its own if it leaves compiled
 * code. So there are three measures:
 *
 * <ul>
 *   <li>There are two keys, which are used for one text only, and the library never has both at once. One of them
 *       alone, left behind or in a core dump, is worthless: text that is encrypted under one key only stays in locked
 *       memory.
 *   <li>Each computation is followed by one with a key of zeros, over a whole piece, which runs through the same code.
 *   <li>At the end the stack is overwritten.
 * </ul>
 *
 * <p>Bytes on the heap go to the library through a piece of the work area. Native memory goes to it directly.
 */
final class LibraryCipher {

    /**
     * Size of a piece in bytes for which the library has code that uses all registers. For a piece of this size, a call
     * takes little time compared with the computation.
     */
    static final int LARGEST_PIECE = 1024;

    private static final int ENCRYPT = 1;
    private static final int DECRYPT = 0;

    /** Commands of evp.h. */
    private static final int GET_TAG = 0x10;

    private static final int SET_TAG = 0x11;

    /** The nonce of RFC 8439. In front of it is the number of the first block, which only plain ChaCha20 takes. */
    private static final int BLOCK_NUMBER = 0;

    private static final int NONCE = BLOCK_NUMBER + Integer.BYTES;
    private static final int NONCE_END = NONCE + Integer.BYTES;
    private static final int OUT_LENGTH = NONCE_END + Long.BYTES;
    private static final int TAG = OUT_LENGTH + Long.BYTES;

    /** Bytes of native memory that this needs, in addition to a piece of text. */
    static final int WORK_SIZE = TAG + Poly1305.TAG_SIZE;

    private final LibCrypto library;
    private final ByteBuffer work;
    private final long address;
    private final int at;
    private final int keys;
    private final int zeros;
    private final int piece;
    private int pieceSize;

    /**
     * @param library the library that computes
     * @param work native memory, little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     * @param keys where the two keys of a text are
     * @param zeros where a key of zeros is
     * @param piece where a piece of a text goes
     */
    @SuppressWarnings("checkstyle:ParameterNumber")
    LibraryCipher(LibCrypto library, ByteBuffer work, int at, int keys, int zeros, int piece) {
        this.library = library;
        this.work = work;
        this.address = library.addressOf(work);
        this.at = at;
        this.keys = keys;
        this.zeros = zeros;
        this.piece = piece;
    }

    /**
     * Sets the size of a piece.
     *
     * @param size bytes, a multiple of the size of a block
     */
    void setPieceSize(int size) {
        pieceSize = size / ChaCha20Block.SIZE * ChaCha20Block.SIZE;
    }

    /** Returns the length of the shortest text for which this library is faster. */
    int worthwhileFrom() {
        return library.worthwhileFrom();
    }

    /**
     * Seals a text. The plaintext is first encrypted in place: text under one key only never comes to the heap.
     *
     * @param nonce the last eight bytes of the nonce; the other bytes are zeros
     * @param plain native memory with the plaintext, which is overwritten
     * @param from first byte of the plaintext
     * @param sealed gets ciphertext and tag
     * @param to index of the first byte of the ciphertext
     * @param length bytes of the plaintext
     */
    void seal(long nonce, ByteBuffer plain, int from, byte[] sealed, int to, int length) {
        long context = newContext();
        try {
            long source = library.addressOf(plain) + from;
            beginStream(context, nonce, innerKey());
            stream(context, source, length);
            coverStream(context);
            beginAead(context, ENCRYPT, nonce, keys);
            for (int i = 0; i < length; i += pieceSize) {
                int part = Math.min(pieceSize, length - i);
                update(context, address + piece, source + i, part);
                work.get(piece, sealed, to + i, part);
            }
            finishSealing(context, sealed, to + length);
        } finally {
            library.freeCipherContext(context);
            try { // Called from here: the frame of a method in between would leave a part that is not overwritten.
                StackEraser.erase(1);
            } catch (StackOverflowError e) {
                wipeFailed();
            }
        }
    }

    /**
     * Seals text that is encrypted under the second key already. The caller did that, so that the library never has
     * that key.
     *
     * @param nonce the last eight bytes of the nonce; the other bytes are zeros
     * @param sealed holds the text, and gets ciphertext and tag
     * @param at index of the first byte of the text
     * @param length bytes of the plaintext
     */
    void sealOuter(long nonce, byte[] sealed, int at, int length) {
        long context = newContext();
        try {
            beginAead(context, ENCRYPT, nonce, keys);
            for (int i = 0; i < length; i += pieceSize) {
                int part = Math.min(pieceSize, length - i);
                work.put(piece, sealed, at + i, part);
                update(context, address + piece, address + piece, part);
                work.get(piece, sealed, at + i, part);
            }
            finishSealing(context, sealed, at + length);
        } finally {
            library.freeCipherContext(context);
            try {
                StackEraser.erase(1);
            } catch (StackOverflowError e) {
                wipeFailed();
            }
        }
    }

    private void finishSealing(long context, byte[] sealed, int to) {
        require(finish(context));
        control(context, GET_TAG);
        work.get(at + TAG, sealed, to, Poly1305.TAG_SIZE);
        coverAead(context, ENCRYPT);
    }

    /**
     * Opens a text. Decrypts with the second key only if the tag is right.
     *
     * @param nonce the last eight bytes of the nonce; the other bytes are zeros
     * @param sealed holds ciphertext and tag
     * @param from index of the first byte of the ciphertext
     * @param plain native memory that gets the plaintext, or zeros if the tag is wrong
     * @param to index of its first byte
     * @param length bytes of the plaintext
     * @return true if the tag is right
     */
    boolean open(long nonce, byte[] sealed, int from, ByteBuffer plain, int to, int length) {
        long context = newContext();
        boolean opened = false;
        try {
            beginOpening(context, nonce, sealed, from + length);
            long target = library.addressOf(plain) + to;
            for (int i = 0; i < length; i += pieceSize) {
                int part = Math.min(pieceSize, length - i);
                work.put(piece, sealed, from + i, part);
                update(context, target + i, address + piece, part);
            }
            boolean right = finish(context);
            coverAead(context, DECRYPT);
            if (right) {
                beginStream(context, nonce, innerKey());
                stream(context, target, length);
                coverStream(context);
                opened = true;
            }
            return opened;
        } finally {
            for (int i = to; !opened && i < to + length; i++) {
                plain.put(i, (byte) 0);
            }
            library.freeCipherContext(context);
            try {
                StackEraser.erase(1);
            } catch (StackOverflowError e) {
                wipeFailed();
            }
        }
    }

    /**
     * Removes the encryption under the first key, into an array. The caller decrypts the rest: between pieces, the
     * library would leave plaintext in registers.
     *
     * @param nonce the last eight bytes of the nonce; the other bytes are zeros
     * @param sealed holds ciphertext and tag
     * @param from index of the first byte of the ciphertext
     * @param target gets the text under the second key, or zeros if the tag is wrong
     * @param to index of its first byte
     * @param length bytes of the plaintext
     * @return true if the tag is right
     */
    boolean openOuter(long nonce, byte[] sealed, int from, byte[] target, int to, int length) {
        long context = newContext();
        boolean opened = false;
        try {
            beginOpening(context, nonce, sealed, from + length);
            for (int i = 0; i < length; i += pieceSize) {
                int part = Math.min(pieceSize, length - i);
                work.put(piece, sealed, from + i, part);
                update(context, address + piece, address + piece, part);
                work.get(piece, target, to + i, part);
            }
            boolean right = finish(context);
            coverAead(context, DECRYPT);
            opened = right; // Not earlier: so a failure up to here leaves nothing in the target.
            return opened;
        } finally {
            if (!opened) {
                Arrays.fill(target, to, to + length, (byte) 0);
            }
            library.freeCipherContext(context);
            try {
                StackEraser.erase(1);
            } catch (StackOverflowError e) {
                wipeFailed();
            }
        }
    }

    private void beginOpening(long context, long nonce, byte[] sealed, int tag) {
        work.put(at + TAG, sealed, tag, Poly1305.TAG_SIZE);
        beginAead(context, DECRYPT, nonce, keys);
        control(context, SET_TAG);
    }

    /** Encrypts in place. In one call, if that runs through the same code as a piece. */
    private void stream(long context, long text, int length) {
        int most = pieceSize == LARGEST_PIECE ? length : pieceSize;
        for (int i = 0; i < length; i += most) {
            update(context, text + i, text + i, Math.min(most, length - i));
        }
    }

    private int innerKey() {
        return keys + ChaCha20Block.KEY_SIZE;
    }

    private long newContext() {
        long context = library.newCipherContext();
        require(context != 0);
        return context;
    }

    /** Overwrites what there is of the stack. The library had no more either, as it is called from the same depth. */
    private static void wipeFailed() {
        StackProbe.wipe();
    }

    private void beginStream(long context, long nonce, int key) {
        work.putInt(at + BLOCK_NUMBER, 0);
        work.putInt(at + NONCE, 0);
        work.putLong(at + NONCE_END, nonce);
        require(library.initCipher(context, library.chaCha20(), address + key, address + at + BLOCK_NUMBER, ENCRYPT)
                == 1);
    }

    private void beginAead(long context, int encrypt, long nonce, int key) {
        work.putInt(at + NONCE, 0);
        work.putLong(at + NONCE_END, nonce);
        require(library.initCipher(context, library.chaCha20Poly1305(), address + key, address + at + NONCE, encrypt)
                == 1);
    }

    private void update(long context, long out, long in, int length) {
        require(length == 0 || library.updateCipher(context, out, address + at + OUT_LENGTH, in, length) == 1);
    }

    private boolean finish(long context) {
        return library.finishCipher(context, address + at + OUT_LENGTH, address + at + OUT_LENGTH) == 1;
    }

    private void control(long context, int command) {
        require(library.controlCipher(context, command, Poly1305.TAG_SIZE, address + at + TAG) == 1);
    }

    private void coverStream(long context) {
        beginStream(context, 0, zeros);
        update(context, address + piece, address + piece, pieceSize);
    }

    private void coverAead(long context, int encrypt) {
        beginAead(context, encrypt, 0, zeros);
        update(context, address + piece, address + piece, pieceSize);
    }

    private void require(boolean done) {
        if (!done) {
            throw library.failure();
        }
    }
}
