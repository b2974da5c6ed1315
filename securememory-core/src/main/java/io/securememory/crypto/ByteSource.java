package io.securememory.crypto;

import java.nio.ByteBuffer;

/** Bytes that are read in parts, such as a key in a view of a secret. */
@FunctionalInterface
public interface ByteSource {

    /**
     * Copies a part.
     *
     * @param offset its first byte
     * @param target native memory
     * @param targetIndex index at which the part begins there
     * @param length bytes of the part
     */
    void copyTo(int offset, ByteBuffer target, int targetIndex, int length);
}
