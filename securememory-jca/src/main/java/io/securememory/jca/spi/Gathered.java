package io.securememory.jca.spi;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that a service was given so far. They are wiped when they have been used, and when they move. */
final class Gathered {

    private static final int FIRST = 256;

    /** What is longer is not kept for the next use. */
    private static final int MOST_KEPT = 64 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private byte[] bytes = NOTHING;
    private int size;

    void add(byte[] source, int from, int length) {
        ensureRoom(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    void add(ByteBuffer source) {
        int length = source.remaining();
        ensureRoom(length);
        source.get(bytes, size, length);
        size += length;
    }

    private void ensureRoom(int length) {
        int needed = Math.addExact(size, length);
        if (needed > bytes.length) {
            byte[] grown = new byte[Math.max(Math.max(FIRST, needed), (int) Math.min(2L * bytes.length, 1 << 30))];
            System.arraycopy(bytes, 0, grown, 0, size);
            Arrays.fill(bytes, 0, size, (byte) 0);
            bytes = grown;
        }
    }

    int size() {
        return size;
    }

    /** Returns the array that holds the bytes, at its begin. */
    byte[] array() {
        return bytes;
    }

    byte[] copy() {
        return size == 0 ? NOTHING : Arrays.copyOf(bytes, size);
    }

    void clear() {
        Arrays.fill(bytes, 0, size, (byte) 0);
        size = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = NOTHING;
        }
    }
}
