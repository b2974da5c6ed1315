package io.securememory.memcall;

/**
 * A C library's function that fills memory with random bytes of the operating system. It is called with address, length
 * and 0. Source: getrandom(2), getentropy(2 or 3), arc4random_buf(3).
 */
enum RandomFunction {
    /** Returns the number of bytes, or -1. */
    GETRANDOM("getrandom", Integer.MAX_VALUE),

    /** Fills all bytes and returns 0, or returns -1. */
    GETENTROPY("getentropy", 256),

    /** Fills all bytes, always, and returns nothing. */
    ARC4RANDOM_BUF("arc4random_buf", Integer.MAX_VALUE);

    private final String symbol;
    private final long mostBytes;

    RandomFunction(String symbol, long mostBytes) {
        this.symbol = symbol;
        this.mostBytes = mostBytes;
    }

    /** Name of the function in the C library. */
    String symbol() {
        return symbol;
    }

    /** Most bytes that one call may be asked for. */
    long mostBytes() {
        return mostBytes;
    }

    /**
     * Returns how many bytes a call filled, or -1 if it failed.
     *
     * @param result what the call returned; if the function returns an int, the lower half counts
     */
    long filled(long result, long asked) {
        return switch (this) {
            case GETRANDOM -> result;
            case GETENTROPY -> (int) result == 0 ? asked : -1;
            case ARC4RANDOM_BUF -> asked;
        };
    }
}
