package io.securememory.memguard;

/**
 * The layout of a region.
 *
 * <pre>
 * [ guard page ][ canary ... | data, right-aligned to the page end ][ guard page ]
 * </pre>
 *
 * @param dataSize bytes of data
 * @param innerSize bytes between the guard pages, whole pages
 */
record RegionLayout(int dataSize, int innerSize) {

    /** Fewest bytes of canary. A region whose data would leave fewer gets one more page. */
    static final int MIN_CANARY = 16;

    /** Most bytes of data. */
    static final int MAX_DATA = 1 << 29;

    static RegionLayout of(int pageSize, int dataSize) {
        requireSize(dataSize);
        long pages = ((long) dataSize + MIN_CANARY + pageSize - 1) / pageSize;
        return new RegionLayout(dataSize, Math.toIntExact(pages * pageSize));
    }

    static void requireSize(int dataSize) {
        if (dataSize < 1 || dataSize > MAX_DATA) {
            throw new IllegalArgumentException("size is " + dataSize + ", expected 1 to " + MAX_DATA + " bytes");
        }
    }

    int canarySize() {
        return innerSize - dataSize;
    }

    /** Offset of the data from the end of the first guard page. */
    int dataOffset() {
        return canarySize();
    }
}
