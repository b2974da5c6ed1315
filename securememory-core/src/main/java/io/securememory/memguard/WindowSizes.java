package io.securememory.memguard;

/**
 * Sizes of windows that are kept: one page, two, four and so on.
 *
 * @param pageSize bytes
 */
record WindowSizes(int pageSize) {

    /** How many sizes there are. */
    static final int CLASSES = 6;

    /** The smallest size of so many bytes of data, or {@link #CLASSES}. */
    int classOf(int dataSize) {
        int size = 0;
        while (size < CLASSES && dataSize > dataSize(size)) {
            size++;
        }
        return size;
    }

    /** Bytes of data in a window for so many. */
    int rounded(int dataSize) {
        int size = classOf(dataSize);
        return size < CLASSES ? dataSize(size) : dataSize;
    }

    /** Bytes of pages that are locked for so many bytes of data. */
    long pagesOf(int dataSize) {
        long size = (long) rounded(dataSize) + RegionLayout.MIN_CANARY;
        return (size + pageSize - 1) / pageSize * pageSize;
    }

    /** Bytes of data in a window of one of the sizes. */
    int dataSize(int size) {
        return (pageSize << size) - RegionLayout.MIN_CANARY;
    }
}
