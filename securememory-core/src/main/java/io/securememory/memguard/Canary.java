package io.securememory.memguard;

import java.nio.ByteBuffer;

/**
 * A random pattern beside the data. Nothing has a reason to overwrite it.
 *
 * <p>It consists of 16 random bytes of the operating system, repeated over the whole padding. A copy of them is on the
 * heap: they reveal nothing about the data.
 */
final class Canary {

    private final long first;
    private final long second;

    private Canary(long first, long second) {
        this.first = first;
        this.second = second;
    }

    /** Takes the random bytes at the start of the memory as the pattern and repeats them up to {@code length}. */
    static Canary spread(ByteBuffer memory, int length) {
        Canary canary = new Canary(memory.getLong(0), memory.getLong(Long.BYTES));
        int index = 0;
        for (; index + Long.BYTES <= length; index += Long.BYTES) {
            memory.putLong(index, canary.wordAt(index));
        }
        for (; index < length; index++) {
            memory.put(index, canary.byteAt(index));
        }
        return canary;
    }

    /** Whether the pattern is intact. The time taken depends on the length only. */
    boolean isIntact(ByteBuffer memory, int length) {
        long difference = 0;
        int index = 0;
        for (; index + Long.BYTES <= length; index += Long.BYTES) {
            difference |= memory.getLong(index) ^ wordAt(index);
        }
        for (; index < length; index++) {
            difference |= memory.get(index) ^ byteAt(index);
        }
        return difference == 0;
    }

    /** Whether the pattern is intact in a part of little-endian memory. The time taken depends on the length only. */
    boolean isIntact(ByteBuffer memory, int from, int to) {
        int difference = 0;
        for (int index = from; index < to; index++) {
            difference |= memory.get(index) ^ byteAt(index);
        }
        return difference == 0;
    }

    private long wordAt(int index) {
        return (index & Long.BYTES) == 0 ? first : second;
    }

    private byte byteAt(int index) {
        return (byte) (wordAt(index) >>> ((index & 7) * Byte.SIZE));
    }
}
