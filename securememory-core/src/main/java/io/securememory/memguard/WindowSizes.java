package io.securememory.memguard;

import io.securememory.crypto.SealingEngine;

/**
 * The sizes of windows that are kept: one page, two, four and so on.
 *
 * @param pageSize bytes of one page
 */
record WindowSizes(int pageSize) {

    /** How many sizes there are. */
    static final int CLASSES = 6;

    /** Returns the number of the smallest size with room for this many bytes of data, or {@link #CLASSES}. */
    int classOf(int dataSize) {
        int size = 0;
        while (size < CLASSES && dataSize > dataSize(size)) {
            size++;
        }
        return size;
    }

    /**
     * Returns the bytes of data that are needed for this many bytes of plaintext. Memory that only makes a library
     * faster is included, unless one page is enough without it.
     */
    int dataSizeFor(int room) {
        int least = SealingEngine.WORK_SIZE + room;
        return classOf(least) == 0 ? least : least + SealingEngine.FREE_SIZE;
    }

    /** Returns the bytes of data of a window with room for this many. */
    int rounded(int dataSize) {
        int size = classOf(dataSize);
        return size < CLASSES ? dataSize(size) : dataSize;
    }

    /** Returns the bytes that are locked for this many bytes of data, in whole pages. */
    long pagesOf(int dataSize) {
        long size = (long) rounded(dataSize) + RegionLayout.MIN_CANARY;
        return (size + pageSize - 1) / pageSize * pageSize;
    }

    /** Returns the bytes of data in a window of one of the sizes. */
    int dataSize(int size) {
        return (pageSize << size) - RegionLayout.MIN_CANARY;
    }
}
