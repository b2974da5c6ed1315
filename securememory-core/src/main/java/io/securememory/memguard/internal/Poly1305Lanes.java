package io.securememory.memguard.internal;

import static io.securememory.memguard.internal.Poly1305.high;
import static io.securememory.memguard.internal.Poly1305.low;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Poly1305 of many blocks at once, in the shape that the compiler turns into vector instructions.
 *
 * <p>Every {@value #LANES}th block goes into the same lane. Between two of its blocks a lane is multiplied by the
 * {@value #LANES}th power of the key; in the end the lanes are absorbed one by one, as if they were blocks. Numbers are five
 * limbs of 26 bits, so that a product is of two unsigned words of 32 bits: the compiler has an instruction for that, and
 * takes it where both operands are masked next to the product. Hence the masks that change nothing, and hence the power in
 * every lane, which could be in one variable.
 *
 * <p>All loops run over all lanes: with a number that only a profile tells, the compiler would make vectors or not, by what
 * lengths it saw first.
 *
 * <p>The same limb of all lanes lies side by side, in native memory as {@link ChaCha20Lanes}. {@link #wipe()} zeroes it after
 * each use.
 *
 * @see Poly1305
 */
final class Poly1305Lanes {

    /** Blocks of one step. A constant, so that the compiler can tell the rows apart. */
    static final int LANES = 64;

    /** Bytes of one step. */
    static final int STEP = LANES * Poly1305.BLOCK;

    private static final int LIMBS = 5;

    /** Rows: five limbs of the sums, five of a power, four of these times five, four of products. */
    private static final int SUM = 0;

    private static final int POWER = SUM + LIMBS * LANES;
    private static final int FIVEFOLD = POWER + LIMBS * LANES;
    private static final int PRODUCT = FIVEFOLD + (LIMBS - 1) * LANES;

    /** Two rows for the words of a ciphertext. */
    private static final int LOW = PRODUCT + (LIMBS - 1) * LANES;

    private static final int HIGH = LOW + LANES;

    private static final int BITS = 26;
    private static final long M26 = (1L << BITS) - 1;
    private static final long M44 = (1L << 44) - 1;
    private static final long M42 = (1L << 42) - 1;
    private static final long WORD = 0xFFFF_FFFFL;

    /** The bit above a full block, seen from its last limb. */
    private static final long FULL_BLOCK = 1L << 24;

    private static final int SIZE = HIGH + LANES;

    /** Bytes of native memory that this needs. */
    static final int WORK_SIZE = SIZE * Long.BYTES;

    private final ByteBuffer work;
    private final int at;

    /** See {@link #products01}. */
    private final int[] ballast = new int[3 * LANES];

    /**
     * Makes lanes over native memory of their own.
     *
     * @param memory little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     */
    Poly1305Lanes(ByteBuffer memory, int at) {
        this.work = memory;
        this.at = at;
    }

    /** See {@link ChaCha20Lanes}. */
    private static LongBuffer rows(ByteBuffer work, int at) {
        return work.slice(at, WORK_SIZE).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    }

    /**
     * Absorbs so many steps.
     *
     * @param memory native memory, little-endian
     * @param key where the key is
     * @param power where three limbs of powers of the key go on the way
     * @param state where the accumulator is, three limbs of 44 bits
     * @param data holds the blocks
     * @param from the first block
     * @param steps how many times {@link #STEP} bytes
     */
    void absorb(ByteBuffer memory, int key, int power, int state, byte[] data, int from, int steps) {
        Poly1305.putPower(memory, key, power);
        for (int n = 1; n < LANES; n *= 2) {
            Poly1305.multiply(memory, power, power);
        }
        spreadPower(memory, power);
        start(memory, state);
        for (int step = 0; step < steps; step++) {
            if (step > 0) {
                products01(work, at, ballast);
                products23(work, at, ballast);
                product4(work, at, ballast);
            }
            split(work, at, data, from + step * STEP);
            add(work, at);
        }
        Poly1305.putPower(memory, key, power);
        gather(memory, power, state);
    }

    /** Makes a power the one that the lanes are multiplied by: takes three limbs apart into five. */
    private void spreadPower(ByteBuffer memory, int power) {
        long first = memory.getLong(power);
        long second = memory.getLong(power + Long.BYTES);
        long upper = (second >>> 34) + (memory.getLong(power + 2 * Long.BYTES) << 10);
        long r1 = ((first >>> BITS) | (second << 18)) & M26;
        fill(work, at, first & M26, r1, (second >>> 8) & M26, upper & M26, upper >>> BITS);
    }

    /** Puts the accumulator into the first lane and zeros into the others. */
    private void start(ByteBuffer memory, int state) {
        LongBuffer rows = rows(work, at);
        zero(rows, SUM, POWER);
        long first = memory.getLong(state);
        long second = memory.getLong(state + Long.BYTES) + (first >>> 44);
        long upper = (second >>> 34) + (memory.getLong(state + 2 * Long.BYTES) << 10);
        rows.put(SUM, first & M26);
        rows.put(SUM + LANES, (((first & M44) >>> BITS) | (second << 18)) & M26);
        rows.put(SUM + 2 * LANES, (second >>> 8) & M26);
        rows.put(SUM + 3 * LANES, upper & M26);
        rows.put(SUM + 4 * LANES, upper >>> BITS);
    }

    /** Absorbs the lanes. */
    private void gather(ByteBuffer memory, int power, int state) {
        long r0 = memory.getLong(power);
        long r1 = memory.getLong(power + Long.BYTES);
        long r2 = memory.getLong(power + 2 * Long.BYTES);
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        long h0 = 0;
        long h1 = 0;
        long h2 = 0;
        LongBuffer rows = rows(work, at);
        for (int i = SUM; i < SUM + LANES; i++) {
            h0 += rows.get(i) + (rows.get(i + LANES) << BITS);
            h1 += (h0 >>> 44) + (rows.get(i + 2 * LANES) << 8) + (rows.get(i + 3 * LANES) << 34);
            h2 += (h1 >>> 44) + (rows.get(i + 4 * LANES) << 16);
            h0 &= M44;
            h1 &= M44;
            long low0 = low(h0, r0) + low(h1, s2) + low(h2, s1);
            long low1 = low(h0, r1) + low(h1, r0) + low(h2, s2) + high(h0, r0) + high(h1, s2) + high(h2, s1);
            long low2 = low(h0, r2) + low(h1, r1) + low(h2, r0) + high(h0, r1) + high(h1, r0) + high(h2, s2);
            long low3 = high(h0, r2) + high(h1, r1) + high(h2, r0);
            long sum = low0 + low3 * 20;
            h0 = sum & M44;
            sum = low1 + (sum >>> 44);
            h1 = sum & M44;
            sum = low2 + (sum >>> 44);
            h2 = sum & M42;
            h0 += (sum >>> 42) * 5;
        }
        memory.putLong(state, h0 & M44);
        memory.putLong(state + Long.BYTES, h1 + (h0 >>> 44));
        memory.putLong(state + 2 * Long.BYTES, h2);
    }

    private static void fill(ByteBuffer work, int at, long r0, long r1, long r2, long r3, long r4) {
        LongBuffer rows = rows(work, at);
        for (int i = 0; i < LANES; i++) {
            rows.put(POWER + i, r0);
            rows.put(POWER + LANES + i, r1);
            rows.put(POWER + 2 * LANES + i, r2);
            rows.put(POWER + 3 * LANES + i, r3);
            rows.put(POWER + 4 * LANES + i, r4);
            rows.put(FIVEFOLD + i, 5 * r1);
            rows.put(FIVEFOLD + LANES + i, 5 * r2);
            rows.put(FIVEFOLD + 2 * LANES + i, 5 * r3);
            rows.put(FIVEFOLD + 3 * LANES + i, 5 * r4);
        }
    }

    /** Brings the words of one step's blocks into two rows. */
    private static void split(ByteBuffer work, int at, byte[] data, int from) {
        LongBuffer rows = rows(work, at);
        for (int i = 0; i < LANES; i++) {
            rows.put(LOW + i, (long) KeyStream.LONGS.get(data, from + i * Poly1305.BLOCK));
            rows.put(HIGH + i, (long) KeyStream.LONGS.get(data, from + i * Poly1305.BLOCK + Long.BYTES));
        }
    }

    /** Adds a block to each lane. */
    private static void add(ByteBuffer work, int at) {
        LongBuffer rows = rows(work, at);
        for (int i = 0; i < LANES; i++) {
            long low = rows.get(LOW + i);
            long high = rows.get(HIGH + i);
            rows.put(SUM + i, rows.get(SUM + i) + (low & M26));
            rows.put(SUM + LANES + i, rows.get(SUM + LANES + i) + ((low >>> BITS) & M26));
            rows.put(SUM + 2 * LANES + i, rows.get(SUM + 2 * LANES + i) + (((low >>> 52) | (high << 12)) & M26));
            rows.put(SUM + 3 * LANES + i, rows.get(SUM + 3 * LANES + i) + ((high >>> 14) & M26));
            rows.put(SUM + 4 * LANES + i, rows.get(SUM + 4 * LANES + i) + ((high >>> 40) | FULL_BLOCK));
        }
    }

    /**
     * The first two of five sums of products. A lane's limbs are below 2^27.
     *
     * <p>The ballast makes the loop a vector loop. The compiler unrolls one as large as this only if it finds four
     * exclusive-ors of ints in it (its mark of a checksum), products counting tenfold, and makes vectors only of what it
     * has unrolled. For the same reason there are three such loops: one would be too large even so.
     */
    private static void products01(ByteBuffer work, int at, int[] ballast) {
        LongBuffer rows = rows(work, at);
        for (int i = 0; i < LANES; i++) {
            long h0 = rows.get(SUM + i) & WORD;
            long h1 = rows.get(SUM + LANES + i) & WORD;
            long h2 = rows.get(SUM + 2 * LANES + i) & WORD;
            long h3 = rows.get(SUM + 3 * LANES + i) & WORD;
            long h4 = rows.get(SUM + 4 * LANES + i) & WORD;
            long r0 = rows.get(POWER + i) & WORD;
            long r1 = rows.get(POWER + LANES + i) & WORD;
            long s1 = rows.get(FIVEFOLD + i) & WORD;
            long s2 = rows.get(FIVEFOLD + LANES + i) & WORD;
            long s3 = rows.get(FIVEFOLD + 2 * LANES + i) & WORD;
            long s4 = rows.get(FIVEFOLD + 3 * LANES + i) & WORD;
            rows.put(PRODUCT + i, h0 * r0 + h1 * s4 + h2 * s3 + h3 * s2 + h4 * s1);
            rows.put(PRODUCT + LANES + i, h0 * r1 + h1 * r0 + h2 * s4 + h3 * s3 + h4 * s2);
            int a = ballast[i];
            int b = ballast[LANES + i];
            ballast[2 * LANES + i] = ((((((a ^ b) + b) ^ a) + b) ^ a) + a) ^ b;
        }
    }

    /** The next two. */
    private static void products23(ByteBuffer work, int at, int[] ballast) {
        LongBuffer rows = rows(work, at);
        for (int i = 0; i < LANES; i++) {
            long h0 = rows.get(SUM + i) & WORD;
            long h1 = rows.get(SUM + LANES + i) & WORD;
            long h2 = rows.get(SUM + 2 * LANES + i) & WORD;
            long h3 = rows.get(SUM + 3 * LANES + i) & WORD;
            long h4 = rows.get(SUM + 4 * LANES + i) & WORD;
            long r0 = rows.get(POWER + i) & WORD;
            long r1 = rows.get(POWER + LANES + i) & WORD;
            long r2 = rows.get(POWER + 2 * LANES + i) & WORD;
            long r3 = rows.get(POWER + 3 * LANES + i) & WORD;
            long s3 = rows.get(FIVEFOLD + 2 * LANES + i) & WORD;
            long s4 = rows.get(FIVEFOLD + 3 * LANES + i) & WORD;
            rows.put(PRODUCT + 2 * LANES + i, h0 * r2 + h1 * r1 + h2 * r0 + h3 * s4 + h4 * s3);
            rows.put(PRODUCT + 3 * LANES + i, h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s4);
            int a = ballast[i];
            int b = ballast[LANES + i];
            ballast[2 * LANES + i] = ((((((a ^ b) + b) ^ a) + b) ^ a) + a) ^ b;
        }
    }

    /** The last one, and the carries of all: the limbs are below 2^26 afterwards, or a little more. */
    private static void product4(ByteBuffer work, int at, int[] ballast) {
        LongBuffer rows = rows(work, at);
        for (int i = 0; i < LANES; i++) {
            long d0 = rows.get(PRODUCT + i);
            long d1 = rows.get(PRODUCT + LANES + i) + (d0 >>> BITS);
            long d2 = rows.get(PRODUCT + 2 * LANES + i) + (d1 >>> BITS);
            long d3 = rows.get(PRODUCT + 3 * LANES + i);
            long d4 = (d3 >>> BITS)
                    + (rows.get(SUM + i) & WORD) * (rows.get(POWER + 4 * LANES + i) & WORD)
                    + (rows.get(SUM + LANES + i) & WORD) * (rows.get(POWER + 3 * LANES + i) & WORD)
                    + (rows.get(SUM + 2 * LANES + i) & WORD) * (rows.get(POWER + 2 * LANES + i) & WORD)
                    + (rows.get(SUM + 3 * LANES + i) & WORD) * (rows.get(POWER + LANES + i) & WORD)
                    + (rows.get(SUM + 4 * LANES + i) & WORD) * (rows.get(POWER + i) & WORD);
            long carry = d4 >>> BITS;
            d0 = (d0 & M26) + carry + (carry << 2);
            d3 = (d3 & M26) + (d2 >>> BITS);
            rows.put(SUM + i, d0 & M26);
            rows.put(SUM + LANES + i, (d1 & M26) + (d0 >>> BITS));
            rows.put(SUM + 2 * LANES + i, d2 & M26);
            rows.put(SUM + 3 * LANES + i, d3 & M26);
            rows.put(SUM + 4 * LANES + i, (d4 & M26) + (d3 >>> BITS));
            int a = ballast[i];
            int b = ballast[LANES + i];
            ballast[2 * LANES + i] = ((((((a ^ b) + b) ^ a) + b) ^ a) + a) ^ b;
        }
    }

    void wipe() {
        zero(rows(work, at), 0, SIZE);
    }

    private static void zero(LongBuffer rows, int from, int to) {
        for (int i = from; i < to; i++) {
            rows.put(i, 0);
        }
    }
}
