package io.securememory.memcall;

/** Addresses of regions, which no API gives away. */
public final class Addresses {

    private Addresses() {}

    public static long of(MemoryRegion region) {
        return ((NativeRegion) region).address();
    }
}
