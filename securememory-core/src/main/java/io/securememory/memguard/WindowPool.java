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
 * <p>A copy lies in a piece of a guarded, locked window, and is wiped when its access ends. The window stays mapped for as
 * long as the garbage collector finds a buffer over any piece of it reachable: whoever kept one reads zeros. As nobody
 * knows who keeps one, no piece is lent twice. One window is kept at hand, and locked, for the pieces to come; when it is
 * used up, or the lock is needed elsewhere, or on purge, it is retired.
 *
 * <p>The number of pages that are mapped is bounded. From half of it on, each window comes with garbage on the heap, so
 * that the collector comes by itself; at the bound it is waited for, and at last asked to run.
 */
final class WindowPool {

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

    private final PageSource source;
    private final Semaphore free = new Semaphore(MAX_PAGES);
    /** Keeps the compiler from seeing that nobody needs it. */
    @SuppressWarnings("unused")
    private volatile byte @Nullable [] garbage;

    private final Set<LentCopy> lent = ConcurrentHashMap.newKeySet();

    /** Held for no system call. No other lock is taken under it. */
    private final ReentrantLock lock = new ReentrantLock();

    /** What the next piece is taken from. Guarded by the lock. */
    private @Nullable LentWindow atHand;

    WindowPool(PageSource source) {
        this.source = source;
        source.setReserve(this::giveUp);
    }

    /**
     * Copies a part of the data, which must be accessible, to a piece of its own. The copy shows what the current thread
     * writes to the data, if it may.
     *
     * @throws SecretClosedException if a purge has wiped the data
     */
    ScopedBuffer lend(GuardedRegion region, int from, int length) {
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

    private LentCopy take(GuardedRegion region, int from, int length) {
        lock.lock();
        try {
            LentWindow window = atHand;
            if (window != null && window.room() >= length) {
                return takeFrom(window, region, from, length);
            }
        } finally {
            lock.unlock();
        }
        LentWindow made = make(length);
        if (!made.isLocked()) {
            region.owner().unlocked();
        }
        LentWindow unused;
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
    private LentCopy takeFrom(LentWindow window, GuardedRegion region, int from, int length) {
        int start = window.take(length);
        try {
            return new LentCopy(this, window, start, region, from, length);
        } catch (RuntimeException | Error e) {
            window.giveBack();
            throw e;
        }
    }

    /** Under the lock: returns what is to be retired, or null. */
    private @Nullable LentWindow keepTheRoomier(LentWindow made) {
        LentWindow before = atHand;
        if (before != null && before.room() >= made.room()) {
            return null;
        }
        atHand = made;
        return before != null && before.isIdle() ? before : null;
    }

    private LentWindow make(int length) {
        int pages = Math.min(MAX_PAGES, 1 + length / source.memCall().pageSize());
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
    private LentWindow makeAtTheLimit(int length, Runnable freed) {
        for (int i = 0; ; i++) {
            try {
                return LentWindow.make(source, length, freed);
            } catch (MemoryLimitException e) {
                int mine = 1 + length / source.memCall().pageSize();
                if (!source.hidesPages() || i == COLLECTIONS || MAX_PAGES - free.availablePermits() <= mine) {
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
        LentWindow window = copy.window();
        boolean last;
        lock.lock();
        try {
            window.giveBack();
            if (window == atHand && window.isIdle() && !source.keepsIdle()) {
                atHand = null;
            }
            last = window.isIdle() && window != atHand;
        } finally {
            lock.unlock();
        }
        if (last) {
            failures.attempt(window::retire);
        }
    }

    /** Wipes the copies of purged regions; their readers see zeros from now on. */
    void wipePurged() {
        lent.forEach(LentCopy::wipeIfPurged);
    }

    /**
     * Lends no more pieces of the window at hand, so that nothing of it stays locked once nobody has one.
     *
     * @return how many windows are unlocked
     */
    private int giveUp() {
        LentWindow window;
        lock.lock();
        try {
            window = atHand;
            atHand = null;
            if (window == null || !window.isIdle()) {
                return 0;
            }
        } finally {
            lock.unlock();
        }
        retire(window);
        return 1;
    }

    /** Of a window that its own users have left: what fails concerns nobody here. It stays counted until it is unmapped. */
    private static void retire(LentWindow window) {
        Failures failures = new Failures();
        failures.attempt(window::retire);
        failures.log(LOG, "A window that is lent no more could not be unlocked");
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
