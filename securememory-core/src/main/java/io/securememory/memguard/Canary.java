package io.securememory.memguard;

import java.nio.ByteBuffer;

/**
 * A random pattern in front of the data that nobody has a reason to touch.
 *
 * <p>16 random bytes of the operating system, repeated over the whole padding. Kept on the heap: it reveals nothing of
 * the data.
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

    /** Compares in a time that depends on the length only. */
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

    /** As {@link #isIntact(ByteBuffer, int)}, for a part of little-endian memory. */
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
