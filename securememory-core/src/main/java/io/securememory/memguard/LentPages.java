package io.securememory.memguard;

import io.securememory.memcall.internal.LibraryCleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Guarded, locked pages that are lent in pieces, each byte of them once: from their end towards their start, with a canary in
 * front of each piece.
 *
 * <p>Retired once nobody has a piece and none will be lent: wiped and unlocked. They stay mapped and readable, as zeros,
 * until the garbage collector finds no buffer over any of their pieces. Knows nothing of threads: callers hold the lock of
 * {@link LentCopies}, except where one thread has a piece, or retires what nobody else can reach.
 */
final class LentPages {

    private static final int CANARY = RegionLayout.MIN_CANARY;

    private final PagePool pool;
    private final GuardedPages pages;
    private final Canary canary;

    /** What the buffers over all pieces derive from. Dropped at the end, so that only a user can keep it alive. */
    private @Nullable ByteBuffer root;

    /** Where the last piece begins, or rather the canary in front of it. */
    private int top;

    /** Pieces in use. */
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
     * Makes pages with room for a piece.
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

    /** Must not refer to the lent pages. Never throws: nobody is there to catch it. */
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

    /** Most bytes of a piece that can still be lent. */
    int room() {
        return Math.max(0, top - CANARY);
    }

    /** Takes a piece that was never lent before; there must be room. Returns where in {@link #bytes()} it begins. */
    int take(int length) {
        int from = top - length;
        top = from - CANARY;
        lent++;
        return from;
    }

    /** Takes a piece back. */
    void giveBack() {
        lent--;
    }

    boolean isIdle() {
        return lent == 0;
    }

    /** All bytes between the guard pages, little-endian; for absolute access within a piece only. */
    ByteBuffer bytes() {
        return pages.bytes();
    }

    /** A new buffer over a piece in use. The piece stays mapped for as long as that, or a slice of it, is reachable. */
    ByteBuffer newBuffer(int from, int length) {
        ByteBuffer all = root;
        if (all == null) {
            throw new IllegalStateException("the pages are retired");
        }
        return all.slice(from, length).asReadOnlyBuffer();
    }

    /** Whether nobody has written beside a piece. */
    boolean isIntact(int from, int length) {
        int end = from + length;
        return canary.isIntact(bytes(), from - CANARY, from)
                && canary.isIntact(bytes(), end, Math.min(end + CANARY, pages.size()));
    }

    /** Once, when idle: wipes, and gives the lock back. */
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
