package io.securememory.crypto;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One computation of an HMAC with a library's digests. The library only adds whole blocks to a context; what else a
 * digest needs is done here. So there are two calls for a short message: one for the key under the inner mask with the
 * padded message behind it, and one for the key under the outer mask with the padded digest.
 *
 * <p><b>Residue.</b> All states and blocks are in the caller's memory. But the library's code leaves the state before
 * the last block, or words of the last two blocks, in vector registers, and for processors without instructions for SHA
 * also on the stack. The key, or what signs as well, follows from these words. So there are two measures:
 *
 * <ul>
 *   <li>The last call is followed by one over two blocks of zeros, as some code processes two side by side. One method
 *       makes all these calls. So the library puts its words into the same registers and places of the stack.
 *   <li>At the end the stack is overwritten: before a method is compiled, it has other frames, and the JVM saves
 *       registers there.
 * </ul>
 */
final class LibraryHmac {

    /** Bytes of a message that are copied at a time. With what else it takes, a window of one page is enough. */
    private static final int LARGEST_PIECE = 2048;

    private static final boolean IS_REVERSED = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private static final int INNER_MASK = 0x36363636;
    private static final int OUTER_MASK = 0x5c5c5c5c;

    /** The masks behind a key. No block is larger. */
    private static final byte[] INNER_MASKS = filled(INNER_MASK);

    private static final byte[] OUTER_MASKS = filled(OUTER_MASK);

    /** The padding at the end of a message: a one, and zeros. */
    private static final byte[] END = new byte[LARGEST_PIECE];

    static {
        END[0] = (byte) 0x80;
    }

    private final LibDigests library;
    private final HashFunction function;
    private final ByteBuffer memory;
    private final long address;
    private final int block;

    /** A context that holds nothing of the key, for zeros. */
    private final int spare;

    private final int zeros;

    /** Where the two blocks of the outer digest are. */
    private final int outer;

    /** Where the block with the key is that the inner digest begins with. A piece of the message follows it. */
    private final int inner;

    private final int piece;
    private final int context;
    private final int pieceSize;

    /**
     * @param library what digests are computed with
     * @param function the hash function
     * @param memory native memory, little-endian
     * @param at first of {@link #workSize} bytes, which are zeros
     * @param length bytes of the message
     */
    LibraryHmac(LibDigests library, HashFunction function, ByteBuffer memory, int at, int length) {
        this.library = library;
        this.function = function;
        this.memory = memory;
        this.address = library.addressOf(memory);
        this.block = function.blockSize();
        this.context = at;
        this.spare = context + function.contextSize();
        this.zeros = spare + function.contextSize();
        this.outer = zeros + 2 * block;
        this.inner = outer + 2 * block;
        this.piece = inner + block;
        this.pieceSize = pieceSize(function, length);
    }

    private static byte[] filled(int mask) {
        byte[] block = new byte[HashFunction.SHA_512.blockSize()];
        Arrays.fill(block, (byte) mask);
        return block;
    }

    /** Returns how much native memory it takes, a multiple of the alignment that contexts need. */
    static int workSize(HashFunction function, int length) {
        int blocks = 2 + 2 + 1 + 1; // Zeros, the outer digest, the key, and the padding of a last piece.
        return 2 * function.contextSize() + blocks * function.blockSize() + pieceSize(function, length);
    }

    /** The padded message, if that is not too long. */
    private static int pieceSize(HashFunction function, int length) {
        return length >= LARGEST_PIECE ? LARGEST_PIECE : Math.min(LARGEST_PIECE, padded(function, length));
    }

    /** Returns the length of a message with a one, and its length in two words, in whole blocks. */
    private static int padded(HashFunction function, int length) {
        return (length + 2 * function.wordSize() + function.blockSize()) & -function.blockSize();
    }

    byte[] sign(ByteSource key, int keyLength, byte[] message) {
        try {
            putKey(key, keyLength);
            begin();
            int data = inner;
            int done = 0;
            for (; message.length - done >= pieceSize; done += pieceSize) {
                memory.put(piece, message, done, pieceSize);
                update(context, data, piece + pieceSize);
                data = piece;
            }
            memory.put(piece, message, done, message.length - done);
            update(context, data, finish(message.length - done, (long) block + message.length));
            putDigest(outer + block);
            putPadding(outer + block + function.digestSize(), inner, (long) block + function.digestSize());
            begin();
            update(context, outer, inner);
            update(spare, zeros, outer);
            return digest();
        } finally {
            try { // Called from here: the frame of a method in between would leave a part that is not overwritten.
                StackEraser.erase(1);
            } catch (StackOverflowError e) {
                StackProbe.wipe();
            }
        }
    }

    /** Puts the key, or its digest if it is longer than a block, under both masks. */
    private void putKey(ByteSource key, int keyLength) {
        int length = keyLength;
        if (keyLength > block) {
            hash(key, keyLength);
            putDigest(inner);
            length = function.digestSize();
        } else {
            key.copyTo(0, memory, inner, keyLength);
        }
        int step = WordLoop.step(Integer.BYTES);
        int i = 0;
        for (; i < length; i += step) {
            int word = memory.getInt(inner + i);
            memory.putInt(inner + i, word ^ INNER_MASK);
            memory.putInt(outer + i, word ^ OUTER_MASK);
            VarHandle.acquireFence();
        }
        memory.put(inner + i, INNER_MASKS, 0, block - i);
        memory.put(outer + i, OUTER_MASKS, 0, block - i);
    }

    private void hash(ByteSource key, int keyLength) {
        begin();
        int done = 0;
        for (; keyLength - done >= pieceSize; done += pieceSize) {
            key.copyTo(done, memory, piece, pieceSize);
            update(context, piece, piece + pieceSize);
        }
        key.copyTo(done, memory, piece, keyLength - done);
        update(context, piece, finish(keyLength - done, keyLength));
        update(spare, zeros, outer);
    }

    private void begin() {
        memory.put(context, library.freshContext(function));
    }

    /** Pads the last piece. Returns its end. */
    private int finish(int length, long messageLength) {
        int end = piece + padded(function, length);
        putPadding(piece + length, end, messageLength);
        return end;
    }

    private void putPadding(int from, int end, long messageLength) {
        memory.put(from, END, 0, end - from);
        memory.putLong(end - Long.BYTES, Long.reverseBytes(messageLength * Byte.SIZE));
    }

    private void update(int digest, int from, int end) {
        if (library.updateDigest(function, address + digest, address + from, end - from) != 1) {
            throw library.failure();
        }
    }

    /** Puts the digest somewhere. */
    private void putDigest(int to) {
        int step = WordLoop.step(Integer.BYTES);
        for (int i = 0; i < function.digestSize(); i += step) {
            memory.putInt(to + i, wordOfDigest(i));
            VarHandle.acquireFence();
        }
    }

    private byte[] digest() {
        byte[] digest = new byte[function.digestSize()];
        memory.get(context, digest);
        for (int i = 0; IS_REVERSED && i < digest.length; i += function.wordSize()) {
            if (function.wordSize() == Integer.BYTES) {
                WordLoop.INTS.set(digest, i, Integer.reverseBytes((int) WordLoop.INTS.get(digest, i)));
            } else {
                KeyStream.LONGS.set(digest, i, Long.reverseBytes((long) KeyStream.LONGS.get(digest, i)));
            }
        }
        return digest;
    }

    /** Returns four bytes of the digest, little-endian. The state has words in the byte order of the processor. */
    private int wordOfDigest(int index) {
        return IS_REVERSED
                ? Integer.reverseBytes(memory.getInt(context + (index ^ (function.wordSize() - Integer.BYTES))))
                : memory.getInt(context + index);
    }
}
