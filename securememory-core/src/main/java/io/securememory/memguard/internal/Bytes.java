package io.securememory.memguard.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Overwrites bytes that were a secret. */
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
     * @param bytes the buffer, whose position stays
     */
    public static void wipe(ByteBuffer bytes) {
        for (int i = bytes.position(); !bytes.isReadOnly() && i < bytes.limit(); i++) {
            bytes.put(i, (byte) 0);
        }
    }
}
