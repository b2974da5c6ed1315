package io.securememory.testing;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The effort of a randomized search: short in every build, long with {@code -Pthorough}. Both forms search for the
 * same faults.
 */
public final class Effort {

    private static final boolean THOROUGH = "thorough".equals(System.getProperty("tests.effort"));

    private static final int FIRST_WITH_FOREIGN_FUNCTIONS = 22;

    private Effort() {}

    /** Tells whether this is the long form. */
    public static boolean isThorough() {
        return THOROUGH;
    }

    /** Returns the number for this form. A system property may override it. */
    public static int of(String property, int quick, int thorough) {
        return Integer.getInteger(property, THOROUGH ? thorough : quick);
    }

    /** Returns all cases in the long form. The short form has some: fewer where the same test runs on an older Java, too. */
    public static <T> Stream<T> cases(int onNewest, int onOldest, List<T> all) {
        int some = Runtime.version().feature() < FIRST_WITH_FOREIGN_FUNCTIONS ? onOldest : onNewest;
        return all.stream().limit(THOROUGH ? all.size() : some);
    }

    /**
     * Returns the time limit of a child that works for the given time: that time, plus the limit of a child that does
     * almost nothing.
     */
    public static Duration limit(Duration working) {
        return working.multipliedBy(2).plus(Await.LIMIT);
    }
}
