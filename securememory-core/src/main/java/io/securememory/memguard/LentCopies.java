package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.MemoryLimitException;
import io.securememory.SecretClosedException;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Private copies of secrets for {@code asByteBuffer()} on Javas whose buffers cannot be ended, 17 to 21.
 *
 * <p>A copy lies in a piece of guarded, locked pages, and is wiped when its access ends. The pages stay mapped for as
 * long as the garbage collector finds a buffer over any piece of them reachable: whoever kept one reads zeros. As nobody
 * knows who keeps one, no piece is lent twice. Some are kept at hand, and locked, for the pieces to come; when they are
 * used up, or the lock is needed elsewhere, or on purge, they are retired.
 *
 * <p>The number of pages that are mapped is bounded. From half of it on, new pages come with garbage on the heap, so
 * that the collector comes by itself; at the bound it is waited for, and at last asked to run.
 */
final class LentCopies {

    /** Most pages that are lent from, or wiped and not yet collected. */
    private static final int MAX_PAGES = 4096;

    /** From so many on, the collector is to come before all are used. */
    private static final int MANY_PAGES = MAX_PAGES / 2;

    /** Most garbage for a page. */
    private static final long MOST_GARBAGE = 16 << 20;

    /** Of garbage in one piece: short enough for the place where a collector puts what is young. */
    private static final int PIECE = 64 << 10;

    private static final int COLLECTIONS = 5;

    /** For what is collected and not yet unmapped. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(50);

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final PagePool pool;
    private final Semaphore free = new Semaphore(MAX_PAGES);
    /** Keeps the compiler from seeing that nobody needs it. */
    @SuppressWarnings("unused")
    private volatile byte @Nullable [] garbage;

    private final Set<LentCopy> lent = ConcurrentHashMap.newKeySet();

    /** Held for no system call. No other lock is taken under it. */
    private final ReentrantLock lock = new ReentrantLock();

    /** What the next piece is taken from. Guarded by the lock. */
    private @Nullable LentPages atHand;

    LentCopies(PagePool pool) {
        this.pool = pool;
        pool.setReserve(this::giveUp);
    }

    /**
     * Copies a part of the data, which must be accessible, to a piece of its own. The copy shows what the current thread
     * writes to the data, if it may.
     *
     * @throws SecretClosedException if a purge has wiped the data
     */
    ScopedBuffer lend(Region region, int from, int length) {
        LentCopy copy = take(region, from, length);
        try {
            lent.add(copy); // First: whoever does not find it there has wiped the data before.
            copy.fill();
        } catch (RuntimeException | Error e) {
            Failures.suppress(e, copy::close);
            throw e;
        }
        if (region.isWiped()) {
            copy.close();
            giveUp();
            throw new SecretClosedException("The secret was purged while it was being used.");
        }
        return copy;
    }

    private LentCopy take(Region region, int from, int length) {
        lock.lock();
        try {
            LentPages pages = atHand;
            if (pages != null && pages.room() >= length) {
                return takeFrom(pages, region, from, length);
            }
        } finally {
            lock.unlock();
        }
        LentPages made = make(length);
        if (!made.isLocked()) {
            region.owner().unlocked();
        }
        LentPages unused;
        LentCopy copy;
        lock.lock();
        try {
            copy = takeFrom(made, region, from, length);
            unused = keepTheRoomier(made);
        } finally {
            lock.unlock();
        }
        if (unused != null) {
            retire(unused);
        }
        return copy;
    }

    /** Under the lock. */
    private LentCopy takeFrom(LentPages pages, Region region, int from, int length) {
        int start = pages.take(length);
        try {
            return new LentCopy(this, pages, start, region, from, length);
        } catch (RuntimeException | Error e) {
            pages.giveBack();
            throw e;
        }
    }

    /** Under the lock: returns what is to be retired, or null. */
    private @Nullable LentPages keepTheRoomier(LentPages made) {
        LentPages before = atHand;
        if (before != null && before.room() >= made.room()) {
            return null;
        }
        atHand = made;
        return before != null && before.isIdle() ? before : null;
    }

    private LentPages make(int length) {
        int pages = Math.min(MAX_PAGES, 1 + length / pool.memCall().pageSize());
        acquire(pages);
        if (MAX_PAGES - free.availablePermits() > MANY_PAGES) {
            hasten(pages);
        }
        try {
            return makeAtTheLimit(length, () -> free.release(pages));
        } catch (RuntimeException | Error e) {
            free.release(pages);
            throw e;
        }
    }

    /** Pages that cannot be unlocked before they are unmapped, as those that are hidden from the kernel, wait for the collector. */
    private LentPages makeAtTheLimit(int length, Runnable freed) {
        for (int i = 0; ; i++) {
            try {
                return LentPages.make(pool, length, freed);
            } catch (MemoryLimitException e) {
                int mine = 1 + length / pool.memCall().pageSize();
                if (!pool.hidesPages() || i == COLLECTIONS || MAX_PAGES - free.availablePermits() <= mine) {
                    throw e;
                }
                System.gc();
                awaitReturn();
            }
        }
    }

    private void awaitReturn() {
        int more = free.availablePermits() + 1;
        if (more <= MAX_PAGES && Deadline.after(WAIT).acquire(free, more)) {
            free.release(more);
        }
    }

    /** Makes garbage: with all pages that there may be, as much as the heap can hold. */
    private void hasten(int pages) {
        long bytes = Math.min(MOST_GARBAGE, Runtime.getRuntime().maxMemory() / MANY_PAGES) * pages;
        for (long made = 0; made < bytes; made += PIECE) {
            garbage = new byte[PIECE];
        }
        garbage = null;
    }

    /** Of a copy that was wiped. */
    void takeBack(LentCopy copy, Failures failures) {
        lent.remove(copy);
        LentPages pages = copy.pages();
        boolean last;
        lock.lock();
        try {
            pages.giveBack();
            if (pages == atHand && pages.isIdle() && !pool.keepsIdle()) {
                atHand = null;
            }
            last = pages.isIdle() && pages != atHand;
        } finally {
            lock.unlock();
        }
        if (last) {
            failures.attempt(pages::retire);
        }
    }

    /** Wipes the copies of purged regions; their readers see zeros from now on. */
    void wipePurged() {
        lent.forEach(LentCopy::wipeIfPurged);
    }

    /**
     * Lends no more pieces of the pages at hand, so that nothing of them stays locked once nobody has one.
     *
     * @return how many {@link LentPages} are unlocked
     */
    private int giveUp() {
        LentPages pages;
        lock.lock();
        try {
            pages = atHand;
            atHand = null;
            if (pages == null || !pages.isIdle()) {
                return 0;
            }
        } finally {
            lock.unlock();
        }
        retire(pages);
        return 1;
    }

    /** Of pages that their own users have left: what fails concerns nobody here. They stay counted until they are unmapped. */
    private static void retire(LentPages pages) {
        Failures failures = new Failures();
        failures.attempt(pages::retire);
        failures.log(LOG, "Pages that are lent no more could not be unlocked");
    }

    private void acquire(int pages) {
        if (free.tryAcquire(pages) || Deadline.after(SHORT_WAIT).acquire(free, pages)) {
            return;
        }
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            if (Deadline.after(WAIT).acquire(free, pages)) {
                return;
            }
        }
        throw new IllegalStateException("The byte buffers of secrets that accesses have lent, " + MAX_PAGES
                + " pages in all, have not been collected: keep no buffer that asByteBuffer() returned or writeTo() handed"
                + " to a channel of your own. If none is kept, let the virtual machine collect when it is asked to (without"
                + " -XX:+DisableExplicitGC), or use get, copyTo, or writeTo with a channel of Java's own.");
    }
}
