package io.securememory.memguard.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Overwrites the bytes of secrets. */
public final class Bytes {

    private Bytes() {}

    /**
     * Overwrites an array with zeros.
     *
     * @param bytes the array
     */
    public static void wipe(byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
    }

    /**
     * Overwrites the bytes between a buffer's position and limit with zeros, unless it is read-only.
     *
     * @param bytes the buffer, whose position does not change
     */
    public static void wipe(ByteBuffer bytes) {
        for (int i = bytes.position(); !bytes.isReadOnly() && i < bytes.limit(); i++) {
            bytes.put(i, (byte) 0);
        }
    }
}
