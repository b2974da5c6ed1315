package io.securememory.memcall;

import java.util.BitSet;

/**
 * Which pages of one mapping are locked. Needed where the operating system does not keep locks as {@link MemCall}
 * promises: where locks nest, or where pages lose their lock with their access.
 *
 * <p>Does not synchronize: callers hold the mapping's monitor.
 */
final class LockedPages {

    /** Pages that are to be locked. */
    private final BitSet locked = new BitSet();

    /** Those of them that lost their lock. */
    private final BitSet lost = new BitSet();

    /** An action on a run of pages. */
    interface Action {
        void on(int firstPage, int pages);
    }

    /**
     * Locks those pages of a range that are not locked, or lost their lock. If the action fails for a run of pages, the
     * runs that it locked are unlocked again, and the failure is thrown.
     */
    void lock(int from, int to, Action lock, Action unlock) {
        BitSet missing = new BitSet();
        missing.set(from, to);
        missing.andNot(held());
        BitSet added = new BitSet();
        try {
            forEachRun(missing, from, to, (start, pages) -> {
                lock.on(start, pages);
                added.set(start, start + pages);
            });
        } catch (RuntimeException | Error e) {
            undo(added, unlock, e);
            throw e;
        }
        locked.or(added);
        lost.andNot(added);
    }

    /** Returns the pages that are locked now. */
    private BitSet held() {
        BitSet held = (BitSet) locked.clone();
        held.andNot(lost);
        return held;
    }

    private static void undo(BitSet added, Action unlock, Throwable failure) {
        try {
            forEachRun(added, 0, Integer.MAX_VALUE, unlock);
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    /** Unlocks those pages of a range that are locked. If the action fails for a run of pages, these stay locked. */
    void unlock(int from, int to, Action unlock) {
        forEachRun(held(), from, to, (start, pages) -> {
            unlock.on(start, pages);
            locked.clear(start, start + pages);
        });
        locked.clear(from, to); // Those that are left had lost their lock.
        lost.clear(from, to);
    }

    /** Notes that those pages of a range that are locked lose their lock now. */
    void lose(int from, int to) {
        forEachRun((BitSet) locked.clone(), from, to, (start, pages) -> lost.set(start, start + pages));
    }

    /** Locks those pages of a range that lost their lock. If the action fails, it has to be repeated for all that are left. */
    void recover(int from, int to, Action lock) {
        if (!lost.isEmpty()) {
            forEachRun((BitSet) lost.clone(), from, to, (start, pages) -> {
                lock.on(start, pages);
                lost.clear(start, start + pages);
            });
        }
    }

    private static void forEachRun(BitSet set, int from, int to, Action action) {
        for (int start = set.nextSetBit(from); start >= 0 && start < to; ) {
            int end = Math.min(to, set.nextClearBit(start));
            action.on(start, end - start);
            start = set.nextSetBit(end);
        }
    }
}
