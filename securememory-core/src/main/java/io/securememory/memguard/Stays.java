package io.securememory.memguard;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What each thread is inside, the innermost last.
 *
 * <p>Kept in an array and not as a list of leases, so that a lease is referred to by the code that runs its action
 * only: where the compiler sees all of that code, it makes no object of the lease. The array also keeps a thread from
 * holding on to classes of this library when it is inside nothing, as class loaders of containers need.
 */
final class Stays {

    /** Where in a row the region is; a row without one is free, and so are those behind it. */
    private static final int REGION = 0;

    /** Where in a row is what the thread uses: the region, or the enclave that was opened into it. */
    private static final int SUBJECT = 1;

    /** Where in a row the region is again if the thread writes to it. */
    private static final int WRITTEN = 2;

    private static final int ROW = 3;
    private static final int FIRST_ROWS = 4;

    private static final ThreadLocal<@Nullable Object[]> ROWS = new ThreadLocal<>();

    /** Where a thread can be. */
    interface Place {
        /** Whether it is one that what is sealed is opened into. */
        boolean isWindow();
    }

    private Stays() {}

    /** Returns the rows of the current thread, one of which is free: whoever enters a region cannot fail after it. */
    static @Nullable Object[] withRoom() {
        @Nullable Object[] rows = ROWS.get();
        if (rows == null) {
            rows = new @Nullable Object[FIRST_ROWS * ROW];
            ROWS.set(rows);
        } else if (rows[rows.length - ROW] != null) {
            rows = Arrays.copyOf(rows, 2 * rows.length);
            ROWS.set(rows);
        }
        return rows;
    }

    static void push(@Nullable Object[] rows, Place region, Object subject, boolean writing) {
        int row = 0;
        while (rows[row] != null) {
            row += ROW;
        }
        rows[row + SUBJECT] = subject;
        rows[row + WRITTEN] = writing ? region : null;
        rows[row] = region;
    }

    /** Forgets the innermost stay of the current thread. Does nothing if somebody has cleared its thread-local values. */
    static void pop() {
        @Nullable Object[] rows = ROWS.get();
        if (rows == null || rows[0] == null) {
            return;
        }
        int row = 0;
        while (row + ROW < rows.length && rows[row + ROW] != null) {
            row += ROW;
        }
        rows[row] = null;
        rows[row + SUBJECT] = null;
        rows[row + WRITTEN] = null;
    }

    /** Whether the current thread is inside a region, or uses an enclave. */
    static boolean isInside(Object subject) {
        @Nullable Object[] rows = ROWS.get();
        return rows != null && (has(rows, REGION, subject) || has(rows, SUBJECT, subject));
    }

    static boolean isInside(@Nullable Object[] rows, Place region) {
        return has(rows, REGION, region);
    }

    static boolean isWriting(Place region) {
        @Nullable Object[] rows = ROWS.get();
        return rows != null && has(rows, WRITTEN, region);
    }

    private static boolean has(@Nullable Object[] rows, int column, Object wanted) {
        for (int row = 0; row < rows.length && rows[row] != null; row += ROW) {
            if (rows[row + column] == wanted) {
                return true;
            }
        }
        return false;
    }

    static boolean isInsideWindow() {
        @Nullable Object[] rows = ROWS.get();
        for (int row = 0; rows != null && row < rows.length && rows[row] != null; row += ROW) {
            if (((Place) rows[row]).isWindow()) {
                return true;
            }
        }
        return false;
    }
}
