package io.securememory.memguard.internal;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SHA-256 of bytes that may be a key, in native memory.
 *
 * <p><b>Residue.</b> Block, schedule and state are in one piece of native memory; {@link #wipe()} zeroes it. Compiled
 * code keeps on the stack what does not fit into registers, and side by side what it reads at the same time. So a step
 * reads no more than two words of the block that are neighbours, and ends with a fence, before which nothing that the
 * next step reads can be read, however the loop is unrolled. A digest that reads its block in unrolled rounds leaves
 * four words of a key in a row.
 *
 * <p><b>Threading.</b> For one thread at a time.
 *
 * @see <a href="https://doi.org/10.6028/NIST.FIPS.180-4">FIPS 180-4, section 6.2</a>
 */
public final class Sha256 {

    /** Bytes of a digest. */
    public static final int DIGEST_SIZE = 32;

    /** Bytes of a block. */
    public static final int BLOCK_SIZE = 64;

    private static final int STATE = BLOCK_SIZE;
    private static final int SIZE = STATE + DIGEST_SIZE;
    private static final int WORDS = BLOCK_SIZE / Integer.BYTES;
    private static final int LENGTH_AT = BLOCK_SIZE - Long.BYTES;
    private static final byte END = (byte) 0x80;

    private static final int[] INITIAL = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    private static final int[] CONSTANTS = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };

    /** Big-endian, as the words of a block and of a digest are. */
    private final ByteBuffer memory = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.BIG_ENDIAN);

    private long length;

    /** Makes a digest of nothing yet. */
    public Sha256() {
        reset();
    }

    /**
     * Adds one byte.
     *
     * @param value the byte
     */
    public void update(byte value) {
        memory.put((int) (length++ % BLOCK_SIZE), value);
        if (length % BLOCK_SIZE == 0) {
            compress();
        }
    }

    /**
     * Adds an array, which is not secret.
     *
     * @param bytes the array
     */
    public void update(byte[] bytes) {
        int part;
        for (int done = 0; done < bytes.length; done += part) {
            int at = (int) (length % BLOCK_SIZE);
            part = Math.min(BLOCK_SIZE - at, bytes.length - done);
            memory.put(at, bytes, done, part);
            length += part;
            if (at + part == BLOCK_SIZE) {
                compress();
            }
        }
    }

    /**
     * Ends the message; the digest can be read until {@link #reset()}.
     */
    public void finish() {
        long bits = length * Byte.SIZE;
        update(END);
        while (length % BLOCK_SIZE != LENGTH_AT) {
            update((byte) 0);
        }
        memory.putLong(LENGTH_AT, bits);
        compress();
    }

    /**
     * Returns one byte of the digest of the message that was ended.
     *
     * @param index from 0 to 31
     * @return the byte
     */
    public byte get(int index) {
        return memory.get(STATE + index);
    }

    /** Begins a new message. */
    public void reset() {
        length = 0;
        for (int i = 0; i < INITIAL.length; i++) {
            memory.putInt(STATE + i * Integer.BYTES, INITIAL[i]);
        }
    }

    /** Overwrites all that was computed with zeros, and begins a new message. */
    public void wipe() {
        for (int i = 0; i < SIZE; i += Long.BYTES) {
            memory.putLong(i, 0);
        }
        reset();
    }

    /**
     * Takes the block in. The word of a step makes room for the one of 16 steps later, which needs its neighbour and two far
     * away.
     */
    private void compress() {
        int a = stateAt(0);
        int b = stateAt(1);
        int c = stateAt(2);
        int d = stateAt(3);
        int e = stateAt(4);
        int f = stateAt(5);
        int g = stateAt(6);
        int h = stateAt(7);
        for (int t = 0; t < CONSTANTS.length; t++) {
            int word = wordAt(t);
            int first = h + sum1(e) + ((e & f) ^ (~e & g)) + CONSTANTS[t] + word;
            int second = sum0(a) + ((a & b) ^ (a & c) ^ (b & c));
            int later = word + sigma0(wordAt(t + 1)) + wordAt(t + 9) + sigma1(wordAt(t + 14));
            memory.putInt(t % WORDS * Integer.BYTES, later);
            VarHandle.acquireFence();
            h = g;
            g = f;
            f = e;
            e = d + first;
            d = c;
            c = b;
            b = a;
            a = first + second;
        }
        addToState(0, a);
        addToState(1, b);
        addToState(2, c);
        addToState(3, d);
        addToState(4, e);
        addToState(5, f);
        addToState(6, g);
        addToState(7, h);
    }

    private int wordAt(int step) {
        return memory.getInt(step % WORDS * Integer.BYTES);
    }

    private int stateAt(int word) {
        return memory.getInt(STATE + word * Integer.BYTES);
    }

    private void addToState(int word, int value) {
        memory.putInt(STATE + word * Integer.BYTES, stateAt(word) + value);
    }

    private static int sum0(int x) {
        return Integer.rotateRight(x, 2) ^ Integer.rotateRight(x, 13) ^ Integer.rotateRight(x, 22);
    }

    private static int sum1(int x) {
        return Integer.rotateRight(x, 6) ^ Integer.rotateRight(x, 11) ^ Integer.rotateRight(x, 25);
    }

    private static int sigma0(int x) {
        return Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ (x >>> 3);
    }

    private static int sigma1(int x) {
        return Integer.rotateRight(x, 17) ^ Integer.rotateRight(x, 19) ^ (x >>> 10);
    }
}
