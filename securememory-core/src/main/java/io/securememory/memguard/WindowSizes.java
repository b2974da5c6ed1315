package io.securememory.memguard;

import io.securememory.crypto.SealingEngine;

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

    /** Bytes of data that are needed for so many bytes of plaintext: no second page for what only makes it faster. */
    int dataSizeFor(int room) {
        int least = SealingEngine.WORK_SIZE + room;
        return classOf(least) == 0 ? least : least + SealingEngine.FREE_SIZE;
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
