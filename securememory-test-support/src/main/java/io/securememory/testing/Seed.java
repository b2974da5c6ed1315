package io.securememory.testing;

import java.util.Random;

/** The seed of a randomized test: printed, and set by the system property {@code seed} to repeat it. */
public final class Seed {

    private Seed() {}

    /** Returns a new seed, or the one that is set, and prints it with the name of the test. */
    public static long of(String test) {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println(test + ": seed " + seed + ", to repeat it: -Dseed=" + seed);
        return seed;
    }

    /** Returns random numbers from such a seed. */
    public static Random random(String test) {
        return new Random(of(test));
    }
}
