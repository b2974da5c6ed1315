package io.securememory.memguard;

/**
 * Makes sure that there is stack for a stay inside a region before it begins.
 *
 * <p>A stack overflow between the entry and the exit would leave a reader counted for ever, or a lock held by nobody.
 * An access that fails here has changed nothing. The exit runs from the same depth, so one probe covers both.
 */
final class StackProbe {

    private static final int FRAMES = 32;

    /** Where the probe's result goes, so that no compiler finds it useless. */
    @SuppressWarnings("unused")
    private static int sink;

    private StackProbe() {}

    /**
     * Uses more stack than an entry and an exit do, and gives it back.
     *
     * @throws StackOverflowError if there is not enough
     */
    static void touch() {
        if (descend(FRAMES, 1, 2, 3, 4, 5, 6) == 0) {
            sink++;
        }
    }

    private static long descend(int frames, long a, long b, long c, long d, long e, long f) {
        if (frames == 0) {
            return a ^ b ^ c ^ d ^ e ^ f;
        }
        long below = descend(frames - 1, b, c, d, e, f, a + frames);
        return below + (a ^ b) + (c ^ d) + (e ^ f);
    }
}
