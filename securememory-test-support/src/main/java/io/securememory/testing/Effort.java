package io.securememory.testing;

import java.time.Duration;

/**
 * How long a search takes: a short form in every build, the long one with {@code -Pthorough}. Both search for the same.
 */
public final class Effort {

    private static final boolean THOROUGH = "thorough".equals(System.getProperty("tests.effort"));

    private Effort() {}

    /** Whether this is the long form. */
    public static boolean isThorough() {
        return THOROUGH;
    }

    /** The number of this form, which a system property may replace. */
    public static int of(String property, int quick, int thorough) {
        return Integer.getInteger(property, THOROUGH ? thorough : quick);
    }

    /** What a child may take that works for as long: that, and as much as one may take that does next to nothing. */
    public static Duration limit(Duration working) {
        return working.multipliedBy(2).plus(Await.LIMIT);
    }
}
