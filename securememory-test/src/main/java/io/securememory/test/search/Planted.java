package io.securememory.test.search;

import io.securememory.test.Place;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/** Bytes that are left on purpose, other ones in each place. A search that does not find them proves nothing. */
final class Planted implements AutoCloseable {

    /** Where they are, in the order of their numbers. */
    static final List<Place> PLACES = List.of(Place.HEAP, Place.NATIVE_MEMORY, Place.GIVEN);

    static final int SIZE = Needles.RUN;

    private final byte[] onHeap = new byte[SIZE];
    private final ByteBuffer inNativeMemory = ByteBuffer.allocateDirect(SIZE);
    private final byte[] given = new byte[SIZE];

    Planted() {
        SecureRandom random = new SecureRandom();
        byte[] bytes = new byte[SIZE];
        random.nextBytes(onHeap);
        random.nextBytes(given);
        random.nextBytes(bytes);
        inNativeMemory.put(0, bytes);
        Arrays.fill(bytes, (byte) 0);
    }

    /** Adds them to what is looked for. */
    void addTo(Needles needles, int firstOwner) {
        needles.addBytes(firstOwner, Octets.of(onHeap));
        needles.addBytes(firstOwner + 1, Octets.of(inNativeMemory));
        needles.addBytes(firstOwner + 2, Octets.of(given));
    }

    /** Returns what is planted in what a user gives to a search. */
    ByteBuffer given() {
        return ByteBuffer.wrap(given);
    }

    @Override
    public void close() {
        Arrays.fill(onHeap, (byte) 0);
        Arrays.fill(given, (byte) 0);
        inNativeMemory.put(0, new byte[SIZE]);
    }
}
