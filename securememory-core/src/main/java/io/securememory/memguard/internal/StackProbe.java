package io.securememory.memguard.internal;

/** Uses stack below the caller: to make sure that it is there, and to overwrite what was left in it. */
public final class StackProbe {

    private static final int FRAMES = 32;
    private static final int WIPED_FRAMES = 128;

    /** Where the result goes, so that no compiler finds it useless. */
    @SuppressWarnings("unused")
    private static int sink;

    private StackProbe() {}

    /**
     * Makes sure that there is stack for a stay inside a region before it begins: uses more than an entry and an exit do, and
     * gives it back.
     *
     * <p>A stack overflow between the entry and the exit would leave a reader counted for ever, or a lock held by nobody.
     * An access that fails here has changed nothing. The exit runs from the same depth, so one probe covers both.
     *
     * @throws StackOverflowError if there is not enough
     */
    public static void touch() {
        use(FRAMES);
    }

    /**
     * Overwrites what code that has returned may have left on the stack of this thread: compiled code keeps there what does
     * not fit into registers, interpreted code all that it works on.
     *
     * <p>Frames have gaps, and which ones is the compiler's choice. Two shapes of frames, and two places to begin, leave few
     * gaps in the same place, but some: this is a second line of defence, and code before it must not put together on
     * the stack what must not be left there. Reaches as far as this library's own code does below a caller, and not
     * into frames that are still in use. Does not throw: where the stack ends, there is nothing left to overwrite.
     */
    public static void wipe() {
        wipeNarrow(WIPED_FRAMES);
        wipeWide(WIPED_FRAMES / 2);
        wipeFromBelow(WIPED_FRAMES / 2);
    }

    /** Each pass goes as far as the stack does, whatever became of the one before. */
    private static void wipeNarrow(int frames) {
        try {
            use(frames);
        } catch (StackOverflowError e) {
            sink++;
        }
    }

    private static void wipeWide(int frames) {
        try {
            useWide(frames);
        } catch (StackOverflowError e) {
            sink++;
        }
    }

    /** The same frames, moved by one that is not one of them. */
    private static int wipeFromBelow(int frames) {
        wipeWide(frames);
        wipeNarrow(frames);
        return sink;
    }

    private static void useWide(int frames) {
        if (descendWide(frames, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) == 0) {
            sink++;
        }
    }

    private static void use(int frames) {
        if (descend(frames, 1, 2, 3, 4, 5, 6) == 0) {
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

    @SuppressWarnings("checkstyle:ParameterNumber")
    private static long descendWide(
            int frames, long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, long k) {
        if (frames == 0) {
            return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k;
        }
        long below = descendWide(frames - 1, b, c, d, e, f, g, h, i, j, k, a + frames);
        return below + (a ^ b) + (c ^ d) + (e ^ f) + (g ^ h) + (i ^ j) + k;
    }
}
