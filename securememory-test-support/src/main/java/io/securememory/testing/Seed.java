package io.securememory.testing;

import java.util.Random;

/** The seed of a randomized test: printed, and set by the system property {@code seed} to repeat it. */
public final class Seed {

    private Seed() {}

    /** A new seed, which is printed with the name of the test. */
    public static long of(String test) {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println(test + ": seed " + seed + ", to repeat it: -Dseed=" + seed);
        return seed;
    }

    /** Random numbers of a new seed. */
    public static Random random(String test) {
        return new Random(of(test));
    }
}
