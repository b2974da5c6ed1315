package io.securememory.crypto;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * SHA-256 in native memory, of bytes that may be a key.
 *
 * <p><b>Residue.</b> Block, schedule and state are in native memory, which {@link #wipe()} zeroes. Compiled code keeps
 * on the stack what does not fit into registers, and what it reads at the same time is kept side by side. So a step
 * reads at most two adjacent words of the block. It ends with a fence, so nothing for the next step is read before
 * that, even if the loop is unrolled. A digest that reads its block in unrolled rounds leaves four adjacent words of a
 * key.
 *
 * <p>The state after a key is as good as the key. So each computation that begins or ends with such a state is followed
 * by the same computation over zeros, called from the same frame: the same code puts its words into the same places and
 * registers.
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
    private static final int STATE_AND_BLOCK = STATE + DIGEST_SIZE;

    /** Place of the computation over zeros. */
    private static final int SPARE = STATE_AND_BLOCK;

    /** Enough steps to run through all of the code. */
    private static final int SPARE_STEPS = 16;

    /** Bytes of native memory that a digest needs. */
    public static final int WORK_SIZE = 2 * STATE_AND_BLOCK;

    /** Steps in one turn of the loop. With twice as many, some versions of the compiler do not inline all parts. */
    private static final int STEPS = 8;

    private static final int LENGTH_AT = BLOCK_SIZE - Long.BYTES;

    /** The padding at the end of a message: a one, and zeros. */
    private static final byte[] END = new byte[BLOCK_SIZE];

    static {
        END[0] = (byte) 0x80;
    }

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

    private final ByteBuffer memory;
    private final int at;
    private long length;

    /**
     * Makes a digest of an empty message.
     *
     * @param memory native memory, little-endian
     * @param at first of {@link #WORK_SIZE} bytes, which nothing else uses
     */
    public Sha256(ByteBuffer memory, int at) {
        Objects.checkFromIndexSize(at, WORK_SIZE, memory.limit());
        this.memory = memory;
        this.at = at;
        reset();
    }

    /**
     * Adds one byte.
     *
     * @param value the byte
     */
    public void update(byte value) {
        memory.put(at + (int) (length++ % BLOCK_SIZE), value);
        if (length % BLOCK_SIZE == 0) {
            compress(true);
        }
    }

    /**
     * Adds a part of an array, which is not secret. Only its first block can begin with a secret state.
     *
     * @param bytes the array
     * @param from first byte of the part
     * @param end index after the last byte
     */
    public void update(byte[] bytes, int from, int end) {
        boolean secret = true;
        int part;
        for (int done = from; done < end; done += part) {
            int to = (int) (length % BLOCK_SIZE);
            part = Math.min(BLOCK_SIZE - to, end - done);
            memory.put(at + to, bytes, done, part);
            length += part;
            if (to + part == BLOCK_SIZE) {
                compress(secret);
                secret = false;
            }
        }
    }

    /**
     * Adds the digest of a finished message. May be called at the start of a block only.
     *
     * @param other the digest of the finished message
     */
    public void update(Sha256 other) {
        for (int i = 0; i < DIGEST_SIZE; i += Integer.BYTES) {
            memory.putInt(at + i, Integer.reverseBytes(other.memory.getInt(other.at + STATE + i)));
            VarHandle.acquireFence();
        }
        length += DIGEST_SIZE;
    }

    /** Ends the message. The digest can be read until {@link #reset()}. */
    public void finish() {
        long bits = length * Byte.SIZE;
        int used = (int) (length % BLOCK_SIZE);
        int begin = 0;
        if (used >= LENGTH_AT) {
            begin = BLOCK_SIZE - used;
            update(END, 0, begin);
            used = 0;
        }
        memory.put(at + used, END, begin, LENGTH_AT - used);
        memory.putLong(at + LENGTH_AT, Long.reverseBytes(bits));
        compress(true);
    }

    /**
     * Returns one byte of the digest, once the message is finished.
     *
     * @param index from 0 to 31
     * @return the byte
     */
    public byte get(int index) {
        int word = memory.getInt(at + STATE + index / Integer.BYTES * Integer.BYTES);
        int bytesBehind = Integer.BYTES - 1 - index % Integer.BYTES;
        return (byte) (word >>> (bytesBehind * Byte.SIZE));
    }

    /** Begins a new message. */
    public void reset() {
        length = 0;
        for (int i = 0; i < INITIAL.length; i++) {
            memory.putInt(at + STATE + i * Integer.BYTES, INITIAL[i]);
        }
    }

    /** Overwrites everything that was computed with zeros. Call {@link #reset()} before using this digest again. */
    public void wipe() {
        for (int i = 0; i < WORK_SIZE; i += Long.BYTES) {
            memory.putLong(at + i, 0);
        }
    }

    private void compress(boolean secret) {
        compress(memory, at, CONSTANTS.length);
        if (secret) {
            compress(memory, at + SPARE, SPARE_STEPS);
        }
    }

    /**
     * Processes the block, eight steps in each turn of the loop. From step to step, the variables change their roles by
     * one place. The state is kept in words in the byte order of the processor.
     *
     * <p>This method is so long that no compiler inlines it. So every call from one caller has the same frame.
     */
    @SuppressWarnings("checkstyle:MethodLength")
    static void compress(ByteBuffer memory, int at, int steps) {
        int a = memory.getInt(at + STATE);
        int b = memory.getInt(at + STATE + 4);
        int c = memory.getInt(at + STATE + 8);
        int d = memory.getInt(at + STATE + 12);
        int e = memory.getInt(at + STATE + 16);
        int f = memory.getInt(at + STATE + 20);
        int g = memory.getInt(at + STATE + 24);
        int h = memory.getInt(at + STATE + 28);
        int most = Math.min(
                steps, CONSTANTS.length); // The compiler knows that it is small: so no thread is stopped in the loop.
        // As in ChaCha20Block, no compiler enters this loop in the middle. If the fast one is asked to, it gives up the
        // method for good, and the optimizing one is never asked. So there are few turns, at most eight.
        int state = at
                + switch (most) {
                    default -> {
                        for (int t = 0; t < most; t += STEPS) {
                            int near = at + (t & STEPS) * Integer.BYTES;
                            int far = at + (~t & STEPS) * Integer.BYTES;
                            h += sum1(e)
                                    + ((e & f) ^ (~e & g))
                                    + CONSTANTS[t]
                                    + next(memory, near, far + 4, far + 24, pair(memory, near));
                            d += h;
                            h += sum0(a) + ((a & b) ^ (a & c) ^ (b & c));
                            g += sum1(d)
                                    + ((d & e) ^ (~d & f))
                                    + CONSTANTS[t + 1]
                                    + next(memory, near + 4, far + 8, far + 28, pair(memory, near + 4));
                            c += g;
                            g += sum0(h) + ((h & a) ^ (h & b) ^ (a & b));
                            f += sum1(c)
                                    + ((c & d) ^ (~c & e))
                                    + CONSTANTS[t + 2]
                                    + next(memory, near + 8, far + 12, near, pair(memory, near + 8));
                            b += f;
                            f += sum0(g) + ((g & h) ^ (g & a) ^ (h & a));
                            e += sum1(b)
                                    + ((b & c) ^ (~b & d))
                                    + CONSTANTS[t + 3]
                                    + next(memory, near + 12, far + 16, near + 4, pair(memory, near + 12));
                            a += e;
                            e += sum0(f) + ((f & g) ^ (f & h) ^ (g & h));
                            d += sum1(a)
                                    + ((a & b) ^ (~a & c))
                                    + CONSTANTS[t + 4]
                                    + next(memory, near + 16, far + 20, near + 8, pair(memory, near + 16));
                            h += d;
                            d += sum0(e) + ((e & f) ^ (e & g) ^ (f & g));
                            c += sum1(h)
                                    + ((h & a) ^ (~h & b))
                                    + CONSTANTS[t + 5]
                                    + next(memory, near + 20, far + 24, near + 12, pair(memory, near + 20));
                            g += c;
                            c += sum0(d) + ((d & e) ^ (d & f) ^ (e & f));
                            b += sum1(g)
                                    + ((g & h) ^ (~g & a))
                                    + CONSTANTS[t + 6]
                                    + next(memory, near + 24, far + 28, near + 16, pair(memory, near + 24));
                            f += b;
                            b += sum0(c) + ((c & d) ^ (c & e) ^ (d & e));
                            a += sum1(f)
                                    + ((f & g) ^ (~f & h))
                                    + CONSTANTS[t + 7]
                                    + next(memory, near + 28, near, near + 20, lastPair(memory, near, far));
                            e += a;
                            a += sum0(b) + ((b & c) ^ (b & d) ^ (c & d));
                        }
                        yield STATE;
                    }
                };
        memory.putInt(state, memory.getInt(state) + a);
        memory.putInt(state + 4, memory.getInt(state + 4) + b);
        memory.putInt(state + 8, memory.getInt(state + 8) + c);
        memory.putInt(state + 12, memory.getInt(state + 12) + d);
        memory.putInt(state + 16, memory.getInt(state + 16) + e);
        memory.putInt(state + 20, memory.getInt(state + 20) + f);
        memory.putInt(state + 24, memory.getInt(state + 24) + g);
        memory.putInt(state + 28, memory.getInt(state + 28) + h);
    }

    /**
     * Returns the word of a step, and replaces it with the word for 16 steps later, which is computed from it, its
     * neighbour and two words further away.
     *
     * @param place index of the word
     * @param ninth index of the word for nine steps later
     * @param last index of the word for fourteen steps later
     * @param pair the word, and behind it its neighbour. Read by the caller: otherwise this method would be too long
     *     for some compilers to inline it
     */
    private static int next(ByteBuffer memory, int place, int ninth, int last, long pair) {
        int word = (int) (pair >>> Integer.SIZE);
        int later = word + sigma0((int) pair) + wordAt(memory, ninth) + sigma1(wordAt(memory, last));
        memory.putInt(place, Integer.reverseBytes(later));
        VarHandle.acquireFence();
        return word;
    }

    private static long pair(ByteBuffer memory, int place) {
        return Long.reverseBytes(memory.getLong(place));
    }

    /** Returns the last word of a turn, followed by the first word of the next turn. */
    private static long lastPair(ByteBuffer memory, int near, int far) {
        return (long) wordAt(memory, near + 28) << Integer.SIZE | Integer.toUnsignedLong(wordAt(memory, far));
    }

    private static int wordAt(ByteBuffer memory, int place) {
        return Integer.reverseBytes(memory.getInt(place));
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
