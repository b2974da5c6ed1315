package io.securememory.crypto;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/** What a library's SHA-256 has in registers and on the stack while it computes an HMAC, for searches. */
public final class HmacStates {

    /** Words of the schedule of a block. */
    public static final int SCHEDULE = 64;

    private static final int BLOCK_WORDS = 16;

    private HmacStates() {}

    /**
     * Computes the words that are added to the state in the rounds of a block: sixteen of them in a row are as good as the
     * block.
     *
     * @param memory has the block at 0, and gets the words at 0, each as an int of its own
     * @param withConstants whether the constants of the rounds are added, as code for vectors does before it stores them
     */
    public static void schedule(ByteBuffer memory, boolean withConstants) {
        for (int t = 0; t < BLOCK_WORDS; t++) {
            memory.putInt(t * Integer.BYTES, Integer.reverseBytes(memory.getInt(t * Integer.BYTES)));
        }
        for (int t = BLOCK_WORDS; t < SCHEDULE; t++) {
            memory.putInt(
                    t * Integer.BYTES,
                    small(word(memory, t - 2), 17, 19, 10)
                            + word(memory, t - 7)
                            + small(word(memory, t - 15), 7, 18, 3)
                            + word(memory, t - 16));
        }
        for (int t = 0; withConstants && t < SCHEDULE; t++) {
            memory.putInt(t * Integer.BYTES, word(memory, t) + constant(t));
        }
    }

    /** The first 32 bits of the fraction of the cube root of a prime. */
    private static int constant(int t) {
        int prime = 2;
        for (int found = 0; found < t; ) {
            prime++;
            int candidate = prime;
            found += IntStream.rangeClosed(2, (int) Math.sqrt(candidate)).noneMatch(i -> candidate % i == 0) ? 1 : 0;
        }
        double root = Math.cbrt(prime);
        return (int) (long) ((root - Math.floor(root)) * (1L << Integer.SIZE));
    }

    private static int word(ByteBuffer memory, int t) {
        return memory.getInt(t * Integer.BYTES);
    }

    private static int small(int x, int first, int second, int shift) {
        return Integer.rotateRight(x, first) ^ Integer.rotateRight(x, second) ^ (x >>> shift);
    }

    /** Blocks as the library computes them, without what overwrites registers and stack after them. */
    public static void blockAlone(LibDigests library, ByteBuffer memory, ByteBuffer blocks) {
        memory.put(0, library.freshContext(HashFunction.SHA_256));
        library.updateDigest(
                HashFunction.SHA_256, library.addressOf(memory), library.addressOf(blocks), blocks.capacity());
    }

    /**
     * Computes the state after a block, and what follows must overwrite what that leaves.
     *
     * @param memory has the block behind room for a context, and gets the state at 0
     */
    public static void state(LibDigests library, HashFunction function, ByteBuffer memory) {
        memory.put(0, library.freshContext(function));
        long address = library.addressOf(memory);
        library.updateDigest(function, address, address + function.contextSize(), function.blockSize());
    }
}
