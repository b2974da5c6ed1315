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
 * Makes the lent copies for {@code asByteBuffer()} on Java 17 to 21, where a buffer cannot be ended.
 *
 * <p>A lent copy lies in a piece of guarded, locked pages, and is wiped when its access ends. The pages stay mapped
 * until the garbage collector finds no reachable buffer over any of their pieces: a buffer that was kept reads zeros.
 * As it is not known which buffers are kept, no piece is lent twice. Some pages are kept at hand, locked, for further
 * pieces. They are retired when they are used up, when their lock is needed elsewhere, and on purge.
 *
 * <p>At most {@link #MAX_PAGES} pages are mapped. Above half of that, this also makes garbage on the heap for each new
 * page, so that the garbage collector runs by itself. At the bound it waits for the garbage collector, and then asks it
 * to run.
 */
final class LentCopies {

    /** Most pages that may be mapped: pages that are lent from, and wiped pages that are not collected yet. */
    private static final int MAX_PAGES = 4096;

    /** Above this number of pages, garbage is made so that the garbage collector runs before all are used. */
    private static final int MANY_PAGES = MAX_PAGES / 2;

    /** Most bytes of garbage for one page. */
    private static final long MOST_GARBAGE = 16 << 20;

    /** Bytes of one piece of garbage: few enough for the part of the heap for young objects. */
    private static final int PIECE = 64 << 10;

    private static final int COLLECTIONS = 5;

    /** Wait for pages that are collected and not yet unmapped. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(50);

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final PagePool pool;
    private final Semaphore free = new Semaphore(MAX_PAGES);
    /** Where garbage is stored, so that the compiler does not see that it is not needed. */
    @SuppressWarnings("unused")
    private volatile byte @Nullable [] garbage;

    private final Set<LentCopy> lent = ConcurrentHashMap.newKeySet();

    /** Not held during a system call. No other lock is taken under it. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The pages that the next piece is taken from. Guarded by the lock. */
    private @Nullable LentPages atHand;

    LentCopies(PagePool pool) {
        this.pool = pool;
        pool.setReserve(this::giveUp);
    }

    /**
     * Makes a lent copy of a part of the data, which must be accessible. If the current thread writes to the region,
     * the copy shows what it writes later.
     *
     * @throws SecretClosedException if a purge has wiped the data
     */
    ScopedBuffer lend(Region region, int from, int length) {
        LentCopy copy = take(region, from, length);
        try {
            lent.add(copy); // First: a purge that does not find it there has wiped the data before.
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

    /** Under the lock: makes a copy in a piece of the pages. */
    private LentCopy takeFrom(LentPages pages, Region region, int from, int length) {
        int start = pages.take(length);
        try {
            return new LentCopy(this, pages, start, region, from, length);
        } catch (RuntimeException | Error e) {
            pages.giveBack();
            throw e;
        }
    }

    /** Under the lock: keeps at hand the pages with more room. Returns pages to retire, or null. */
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

    /**
     * Makes pages. Pages that are hidden from the kernel stay locked until they are unmapped, so at the lock limit this
     * waits for the garbage collector to return some.
     */
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

    /**
     * Makes garbage. For all pages that may be mapped above half, that is as much as the heap can hold, or {@link
     * #MOST_GARBAGE} for each.
     */
    private void hasten(int pages) {
        long bytes = Math.min(MOST_GARBAGE, Runtime.getRuntime().maxMemory() / MANY_PAGES) * pages;
        for (long made = 0; made < bytes; made += PIECE) {
            garbage = new byte[PIECE];
        }
        garbage = null;
    }

    /** Takes back the piece of a copy that was wiped. */
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

    /** Wipes the copies of purged regions. Their readers see zeros from then on. */
    void wipePurged() {
        lent.forEach(LentCopy::wipeIfPurged);
    }

    /**
     * Stops lending from the pages at hand, so that they are unlocked as soon as no piece of them is in use.
     *
     * @return how many {@link LentPages} were unlocked at once
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

    /** Retires pages that are not in use. A failure is only logged. They stay counted until they are unmapped. */
    private static void retire(LentPages pages) {
        Failures failures = new Failures();
        failures.attempt(pages::retire);
        failures.log(LOG, "Pages of lent copies that are not used any more could not be unlocked");
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
                + " to a channel of your own. If none is kept, let the JVM collect garbage when it is asked to (without"
                + " -XX:+DisableExplicitGC), or use get, copyTo, or writeTo with a channel of Java's own.");
    }
}
