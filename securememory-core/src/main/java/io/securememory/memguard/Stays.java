package io.securememory.memguard;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The regions that each thread is inside of, the innermost last.
 *
 * <p>They are in an array and not in a list of leases. So only the code that runs the action refers to a lease, and if
 * the compiler sees all of that code, it makes no object of the lease. Also, a thread that is inside nothing then
 * refers to no class of this library, which class loaders of containers need.
 */
final class Stays {

    /** Place of the region in a row. A row without a region is free, and so are all rows behind it. */
    private static final int REGION = 0;

    /** Place of the object that the thread uses: the region, or the enclave that was opened into it. */
    private static final int SUBJECT = 1;

    /** Place of the region once more, if the thread writes to it. */
    private static final int WRITTEN = 2;

    private static final int ROW = 3;
    private static final int FIRST_ROWS = 4;

    private static final ThreadLocal<@Nullable Object[]> ROWS = new ThreadLocal<>();

    /** Something that a thread can be inside of. */
    interface Place {
        /** Whether this is a window. */
        boolean isWindow();
    }

    private Stays() {}

    /**
     * Returns the rows of the current thread, with at least one free row. So adding a stay after entering a region
     * cannot fail.
     */
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

    /** Removes the innermost stay of the current thread. Does nothing if its thread-local values were cleared. */
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
