package io.securememory.memguard;

import io.securememory.memcall.internal.LibraryCleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Guarded, locked pages that are lent in pieces. Each byte is lent only once. Pieces are taken from the end of the
 * pages towards their start, with a canary in front of each.
 *
 * <p>The pages are retired, that is wiped and unlocked, once no piece is in use and none will be lent any more. They
 * stay mapped and readable, as zeros, until the garbage collector finds no reachable buffer over any of their pieces.
 * Does not synchronize: callers hold the lock of {@link LentCopies}, unless they use their own piece only or retire
 * pages that no other thread can reach.
 */
final class LentPages {

    private static final int CANARY = RegionLayout.MIN_CANARY;

    private final PagePool pool;
    private final GuardedPages pages;
    private final Canary canary;

    /**
     * The buffer that the buffers over all pieces derive from. Null once the pages are retired, so that only users keep
     * it reachable.
     */
    private @Nullable ByteBuffer root;

    /** Where the canary in front of the last piece begins. */
    private int top;

    /** Number of pieces in use. */
    private int lent;

    private LentPages(PagePool pool, GuardedPages pages, Runnable freed) {
        this.pool = pool;
        this.pages = pages;
        this.top = pages.size();
        pages.fillRandom(0, CANARY);
        this.canary = Canary.spread(pages.bytes(), pages.size());
        ByteBuffer all = pages.newRoot();
        this.root = all;
        LibraryCleaner.get().register(all, freeing(pool, pages, freed));
    }

    /**
     * Maps pages with room for a piece.
     *
     * @param freed runs once the pages are unmapped; not if this throws
     */
    static LentPages make(PagePool pool, int length, Runnable freed) {
        GuardedPages pages =
                pool.take(RegionLayout.of(pool.memCall().pageSize(), length).innerSize());
        try {
            return new LentPages(pool, pages, freed);
        } catch (RuntimeException | Error e) {
            wipe(pages);
            pool.abandon(Failures.startingWith(e), pages);
            throw e;
        }
    }

    /** The action that unmaps the pages. Must not refer to the lent pages. Never throws. */
    private static Runnable freeing(PagePool pool, GuardedPages pages, Runnable freed) {
        return () -> {
            wipe(pages);
            pool.abandon(new Failures(), pages);
            freed.run();
        };
    }

    private static void wipe(GuardedPages pages) {
        RegionData.zero(pages.bytes(), 0, pages.size());
    }

    boolean isLocked() {
        return pages.isLocked();
    }

    /** Returns the size of the largest piece that can still be lent. */
    int room() {
        return Math.max(0, top - CANARY);
    }

    /** Takes a piece that was never lent before; there must be room. Returns its index in {@link #bytes()}. */
    int take(int length) {
        int from = top - length;
        top = from - CANARY;
        lent++;
        return from;
    }

    /** Counts one piece less in use. */
    void giveBack() {
        lent--;
    }

    boolean isIdle() {
        return lent == 0;
    }

    /**
     * Returns all bytes between the guard pages, little-endian. To be used with absolute indexes within a piece only.
     */
    ByteBuffer bytes() {
        return pages.bytes();
    }

    /**
     * Returns a new buffer over a piece in use. The piece stays mapped while that buffer, or a slice of it, is
     * reachable.
     */
    ByteBuffer newBuffer(int from, int length) {
        ByteBuffer all = root;
        if (all == null) {
            throw new IllegalStateException("the pages are retired");
        }
        return all.slice(from, length).asReadOnlyBuffer();
    }

    /** Whether the canaries on both sides of a piece are intact. */
    boolean isIntact(int from, int length) {
        int end = from + length;
        return canary.isIntact(bytes(), from - CANARY, from)
                && canary.isIntact(bytes(), end, Math.min(end + CANARY, pages.size()));
    }

    /** Wipes and unlocks the pages. To be called once, when no piece is in use. */
    void retire() {
        ByteBuffer all = root;
        try {
            wipe(pages);
            pool.unlock(pages);
        } finally {
            root = null;
            Reference.reachabilityFence(all);
        }
    }
}
