package io.securememory.test.search;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/** Copies that are made on purpose. A search that does not find them proves nothing. */
final class Planted implements AutoCloseable {

    static final int SIZE = Needles.RUN;

    private final byte[] onHeap = new byte[SIZE];
    private final ByteBuffer inNativeMemory = ByteBuffer.allocateDirect(SIZE);

    Planted() {
        new SecureRandom().nextBytes(onHeap);
        inNativeMemory.put(0, onHeap);
    }

    Octets bytes() {
        return Octets.of(onHeap);
    }

    /** Returns the copy as what a user gives to a search. */
    byte[] given() {
        return onHeap;
    }

    @Override
    public void close() {
        Arrays.fill(onHeap, (byte) 0);
        inNativeMemory.put(0, new byte[SIZE]);
    }
}
