package io.securememory.memguard;

import io.securememory.memcall.internal.LibraryCleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A guarded, locked window that is lent in pieces, each byte of it once: from its end towards its start, with a canary in
 * front of each piece.
 *
 * <p>Retired once nobody has a piece and none will be lent: wiped and unlocked. It stays mapped and readable, as zeros,
 * until the garbage collector finds no buffer over any of its pieces. Knows nothing of threads: callers hold the lock of
 * the pool, except where one thread has a piece, or retires what nobody else can reach.
 */
final class LentWindow {

    private static final int CANARY = RegionLayout.MIN_CANARY;

    private final PageSource source;
    private final GuardedPages pages;
    private final Canary canary;

    /** What the buffers over all pieces derive from. Dropped at the end, so that only a user can keep it alive. */
    private @Nullable ByteBuffer root;

    /** Where the last piece begins, or rather the canary in front of it. */
    private int top;

    /** Pieces in use. */
    private int lent;

    private LentWindow(PageSource source, GuardedPages pages, Runnable freed) {
        this.source = source;
        this.pages = pages;
        this.top = pages.size();
        pages.fillRandom(0, CANARY);
        this.canary = Canary.spread(pages.bytes(), pages.size());
        ByteBuffer all = pages.newRoot();
        this.root = all;
        LibraryCleaner.get().register(all, freeing(source, pages, freed));
    }

    /**
     * Makes a window with room for a piece.
     *
     * @param freed runs once the pages are unmapped; not if this throws
     */
    static LentWindow make(PageSource source, int length, Runnable freed) {
        GuardedPages pages =
                source.take(RegionLayout.of(source.memCall().pageSize(), length).innerSize());
        try {
            return new LentWindow(source, pages, freed);
        } catch (RuntimeException | Error e) {
            wipe(pages);
            source.abandon(Failures.startingWith(e), pages);
            throw e;
        }
    }

    /** Must not refer to the window. Never throws: nobody is there to catch it. */
    private static Runnable freeing(PageSource source, GuardedPages pages, Runnable freed) {
        return () -> {
            wipe(pages);
            source.abandon(new Failures(), pages);
            freed.run();
        };
    }

    private static void wipe(GuardedPages pages) {
        RegionMemory.zero(pages.bytes(), 0, pages.size());
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
            throw new IllegalStateException("the window is retired");
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
            source.unlock(pages);
        } finally {
            root = null;
            Reference.reachabilityFence(all);
        }
    }
}
