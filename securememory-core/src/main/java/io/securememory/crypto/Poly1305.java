package io.securememory.crypto;

import java.nio.ByteBuffer;

/**
 * Poly1305 over a block of associated data, a ciphertext and a block of lengths, as ChaCha20-Poly1305 arranges them.
 *
 * <p>The one-time key is read from native memory. The accumulator is in local variables, as three limbs of 44, 44 and
 * 42 bits. Products are split into their low 44 bits and the rest: Java 17 only has the high half of a signed product,
 * so both operands are shifted by ten bits, which does not overflow.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8439#section-2.5">RFC 8439, sections 2.5 and 2.8</a>
 */
final class Poly1305 {

    /** Bytes of the one-time key. */
    static final int KEY_SIZE = 32;

    /** Bytes of a tag. */
    static final int TAG_SIZE = 16;

    /** Bytes of a block. */
    static final int BLOCK = 16;

    /** Offset of the block of associated data from the key. */
    static final int ASSOCIATED = KEY_SIZE;

    /** Offset of the block of lengths from the key. */
    static final int LENGTHS = ASSOCIATED + BLOCK;

    private static final int LIMBS_SIZE = 3 * Long.BYTES;

    /** Bytes of the accumulator and of a power of the key. */
    static final int STATE_SIZE = 2 * LIMBS_SIZE;

    /** Number of blocks from which on it is faster to compute the square of the key. */
    private static final int PAIRED_FROM = 8;

    private static final long M44 = (1L << 44) - 1;
    private static final long M42 = (1L << 42) - 1;

    /** The bit above a full block, as a bit of its third limb. */
    private static final long FULL_BLOCK = 1L << 40;

    private static final int SHIFT = 10;

    private Poly1305() {}

    /**
     * Computes the tag.
     *
     * @param memory native memory, little-endian
     * @param key index of the 32 bytes of the one-time key, which are followed by {@link #BLOCK} bytes of associated
     *     data, padded with zeros, and the block of the two lengths
     * @param data holds the ciphertext
     * @param from first byte of the ciphertext
     * @param length bytes of the ciphertext
     * @param target index in {@code memory} for the 16 bytes of the tag; {@link #STATE_SIZE} bytes there are used
     *     meanwhile
     */
    static void compute(ByteBuffer memory, int key, byte[] data, int from, int length, int target) {
        for (int i = 0; i < STATE_SIZE; i += Long.BYTES) {
            memory.putLong(target + i, 0);
        }
        int associated = key + ASSOCIATED;
        long low = memory.getLong(associated);
        int blocks = length / BLOCK;
        int single = blocks < PAIRED_FROM ? blocks : blocks % 2;
        absorb(memory, key, target, low, memory.getLong(associated + Long.BYTES), data, from, single);
        if (single < blocks) {
            putPower(memory, key, target + LIMBS_SIZE);
            multiply(memory, target + LIMBS_SIZE, target + LIMBS_SIZE);
            absorbPairs(memory, key, target, data, from + single * BLOCK, (blocks - single) / 2);
        }
        if (length % BLOCK != 0) {
            int rest = from + length / BLOCK * BLOCK;
            int end = from + length;
            low = partial(data, rest, end);
            absorb(memory, key, target, low, partial(data, rest + Long.BYTES, end), data, 0, 0);
        }
        low = memory.getLong(key + LENGTHS);
        absorb(memory, key, target, low, memory.getLong(key + LENGTHS + Long.BYTES), data, 0, 0);
        finish(memory, key, target);
    }

    /** Absorbs one block of two words, and then blocks of the data. */
    @SuppressWarnings({"checkstyle:MethodLength", "checkstyle:ParameterNumber"}) // The limbs must stay in variables.
    private static void absorb(
            ByteBuffer memory, int key, int state, long first, long second, byte[] data, int from, int blocks) {
        long r0 = limb0(memory, key);
        long r1 = limb1(memory, key);
        long r2 = limb2(memory, key);
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        long h0 = memory.getLong(state);
        long h1 = memory.getLong(state + Long.BYTES);
        long h2 = memory.getLong(state + 2 * Long.BYTES);
        long low = first;
        long high = second;
        for (int i = 0; i <= blocks; i++) {
            h0 += low & M44;
            h1 += ((low >>> 44) | (high << 20)) & M44;
            h2 += (high >>> 24) | FULL_BLOCK;
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
            h1 += h0 >>> 44;
            h0 &= M44;
            if (i < blocks) {
                low = (long) KeyStream.LONGS.get(data, from + i * BLOCK);
                high = (long) KeyStream.LONGS.get(data, from + i * BLOCK + Long.BYTES);
            }
        }
        memory.putLong(state, h0);
        memory.putLong(state + Long.BYTES, h1);
        memory.putLong(state + 2 * Long.BYTES, h2);
    }

    /**
     * Absorbs two blocks at a time: (h + m1) * r * r + m2 * r, reduced once. The processor can compute both products at
     * the same time.
     */
    @SuppressWarnings("checkstyle:MethodLength") // The limbs must stay in variables.
    private static void absorbPairs(ByteBuffer memory, int key, int state, byte[] data, int from, int pairs) {
        long r0 = limb0(memory, key);
        long r1 = limb1(memory, key);
        long r2 = limb2(memory, key);
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        long t0 = memory.getLong(state + LIMBS_SIZE);
        long t1 = memory.getLong(state + LIMBS_SIZE + Long.BYTES);
        long t2 = memory.getLong(state + LIMBS_SIZE + 2 * Long.BYTES);
        long u1 = t1 * 20;
        long u2 = t2 * 20;
        long h0 = memory.getLong(state);
        long h1 = memory.getLong(state + Long.BYTES);
        long h2 = memory.getLong(state + 2 * Long.BYTES);
        for (int i = 0; i < pairs; i++) {
            int at = from + i * 2 * BLOCK;
            long low = (long) KeyStream.LONGS.get(data, at);
            long high = (long) KeyStream.LONGS.get(data, at + Long.BYTES);
            h0 += low & M44;
            h1 += ((low >>> 44) | (high << 20)) & M44;
            h2 += (high >>> 24) | FULL_BLOCK;
            low = (long) KeyStream.LONGS.get(data, at + BLOCK);
            high = (long) KeyStream.LONGS.get(data, at + BLOCK + Long.BYTES);
            long m0 = low & M44;
            long m1 = ((low >>> 44) | (high << 20)) & M44;
            long m2 = (high >>> 24) | FULL_BLOCK;
            long low0 = low(h0, t0) + low(h1, u2) + low(h2, u1) + low(m0, r0) + low(m1, s2) + low(m2, s1);
            long low1 = low(h0, t1) + low(h1, t0) + low(h2, u2) + low(m0, r1) + low(m1, r0) + low(m2, s2);
            low1 += high(h0, t0) + high(h1, u2) + high(h2, u1) + high(m0, r0) + high(m1, s2) + high(m2, s1);
            long low2 = low(h0, t2) + low(h1, t1) + low(h2, t0) + low(m0, r2) + low(m1, r1) + low(m2, r0);
            low2 += high(h0, t1) + high(h1, t0) + high(h2, u2) + high(m0, r1) + high(m1, r0) + high(m2, s2);
            long low3 = high(h0, t2) + high(h1, t1) + high(h2, t0) + high(m0, r2) + high(m1, r1) + high(m2, r0);
            long sum = low0 + low3 * 20;
            h0 = sum & M44;
            sum = low1 + (sum >>> 44);
            h1 = sum & M44;
            sum = low2 + (sum >>> 44);
            h2 = sum & M42;
            h0 += (sum >>> 42) * 5;
            h1 += h0 >>> 44;
            h0 &= M44;
        }
        memory.putLong(state, h0);
        memory.putLong(state + Long.BYTES, h1);
        memory.putLong(state + 2 * Long.BYTES, h2);
    }

    /** Writes the first power of the key, from the first half of the key. */
    private static void putPower(ByteBuffer memory, int key, int power) {
        memory.putLong(power, limb0(memory, key));
        memory.putLong(power + Long.BYTES, limb1(memory, key));
        memory.putLong(power + 2 * Long.BYTES, limb2(memory, key));
    }

    /**
     * Multiplies the number at the target, which may be the power itself. Its limbs may be one bit longer afterwards.
     */
    private static void multiply(ByteBuffer memory, int power, int target) {
        long r0 = memory.getLong(power);
        long r1 = memory.getLong(power + Long.BYTES);
        long r2 = memory.getLong(power + 2 * Long.BYTES);
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        long h0 = memory.getLong(target);
        long h1 = memory.getLong(target + Long.BYTES);
        long h2 = memory.getLong(target + 2 * Long.BYTES);
        long low0 = low(h0, r0) + low(h1, s2) + low(h2, s1);
        long low1 = low(h0, r1) + low(h1, r0) + low(h2, s2) + high(h0, r0) + high(h1, s2) + high(h2, s1);
        long low2 = low(h0, r2) + low(h1, r1) + low(h2, r0) + high(h0, r1) + high(h1, r0) + high(h2, s2);
        long low3 = high(h0, r2) + high(h1, r1) + high(h2, r0);
        long sum0 = low0 + low3 * 20;
        long sum1 = low1 + (sum0 >>> 44);
        long sum2 = low2 + (sum1 >>> 44);
        sum0 = (sum0 & M44) + (sum2 >>> 42) * 5;
        memory.putLong(target, sum0 & M44);
        memory.putLong(target + Long.BYTES, (sum1 & M44) + (sum0 >>> 44));
        memory.putLong(target + 2 * Long.BYTES, sum2 & M42);
    }

    private static long limb0(ByteBuffer memory, int key) {
        return memory.getLong(key) & 0xffc0fffffffL;
    }

    private static long limb1(ByteBuffer memory, int key) {
        return ((memory.getLong(key) >>> 44) | (memory.getLong(key + Long.BYTES) << 20)) & 0xfffffc0ffffL;
    }

    private static long limb2(ByteBuffer memory, int key) {
        return (memory.getLong(key + Long.BYTES) >>> 24) & 0x00ffffffc0fL;
    }

    private static long low(long a, long b) {
        return (a * b) & M44;
    }

    private static long high(long a, long b) {
        return Math.multiplyHigh(a << SHIFT, b << SHIFT);
    }

    /** Returns up to eight bytes before an end, as if zeros followed them. */
    private static long partial(byte[] data, int from, int end) {
        long word = 0;
        for (int i = Math.min(from + Long.BYTES, end) - 1; i >= from; i--) {
            word = (word << Byte.SIZE) | (data[i] & 0xFF);
        }
        return word;
    }

    /** Reduces the accumulator fully, in a time that does not depend on it, and adds the second half of the key. */
    private static void finish(ByteBuffer memory, int key, int target) {
        long low = memory.getLong(target);
        long h1 = memory.getLong(target + Long.BYTES) + (low >>> 44);
        long h2 = memory.getLong(target + 2 * Long.BYTES) + (h1 >>> 44);
        long h0 = (low & M44) + (h2 >>> 42) * 5;
        h1 = (h1 & M44) + (h0 >>> 44);
        h0 &= M44;
        h2 = (h2 & M42) + (h1 >>> 44);
        h1 &= M44;
        h0 += (h2 >>> 42) * 5;
        h2 &= M42;
        h1 += h0 >>> 44;
        h0 &= M44;
        long g0 = h0 + 5;
        long g1 = h1 + (g0 >>> 44);
        long g2 = h2 + (g1 >>> 44) - (1L << 42);
        long keep = g2 >> (Long.SIZE - 1);
        h0 = (h0 & keep) | (g0 & M44 & ~keep);
        h1 = (h1 & keep) | (g1 & M44 & ~keep);
        h2 = (h2 & keep) | (g2 & ~keep);
        long pad0 = memory.getLong(key + 16);
        long pad1 = memory.getLong(key + 24);
        h0 += pad0 & M44;
        h1 += (((pad0 >>> 44) | (pad1 << 20)) & M44) + (h0 >>> 44);
        h2 += (pad1 >>> 24) + (h1 >>> 44);
        memory.putLong(target, (h0 & M44) | (h1 << 44));
        memory.putLong(target + Long.BYTES, ((h1 & M44) >>> 20) | (h2 << 24));
    }
}
