package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.MemoryLimitException;
import io.securememory.SecureMemoryException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one coffer, kept for the next access.
 *
 * <p>Windows are of few {@linkplain WindowSizes sizes}; what is longer gets a window of its own for one access.
 * A lock is taken by threads that wait for a window only, and by those that wake them.
 */
final class SealingWindows {

    private final RegionRegistry memory;
    private final Coffer coffer;
    private final EnclaveOptions options;
    private final LibraryChoice library;
    private final WindowSizes sizes;
    private final IdleWindows idle;
    private final Set<SealingWindow> windows = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final WindowReturns returns = new WindowReturns();
    private final ProcessAccount account;

    /** How often pages were given back, or could not be taken for another reason than the lock limit. */
    private final AtomicLong released = new AtomicLong();

    private final GivingUp givingUp = new GivingUp(this);
    private volatile boolean closed;

    SealingWindows(RegionRegistry memory, Coffer coffer, EnclaveOptions options, LibraryChoice library) {
        this.memory = memory;
        this.coffer = coffer;
        this.options = options;
        this.library = library;
        this.account = memory.pages().account();
        this.sizes = new WindowSizes(memory.memCall().pageSize());
        this.idle = new IdleWindows(WindowSizes.CLASSES, options.maxWindows());
    }

    int count() {
        return count.get();
    }

    /** Whether it pays off to copy a plaintext into a window to seal it, and leaves as much memory again to others. */
    boolean areFasterInPlace(int length) {
        if (!library.isWorthwhile(length)) {
            return false;
        }
        int dataSize = sizes.dataSizeFor(length);
        int size = sizes.classOf(dataSize);
        return (size < WindowSizes.CLASSES && idle.count(size) > 0)
                || memory.pages().budget().hasRoom(2 * sizes.pagesOf(dataSize));
    }

    /** Makes a window ahead of its first use. */
    void prepare() {
        giveBack(take(1));
    }

    /**
     * Takes a window. The caller gives it back.
     *
     * @param room bytes of plaintext in the window
     * @throws MemoryLimitException if there is none, none can be made, and there is nothing to wait for: this thread is
     *     inside an access already, or nobody has a window
     * @throws SecureMemoryException if none came back in time
     */
    SealingWindow take(int room) {
        int size = sizes.dataSizeFor(room);
        SealingWindow window = takeIdle(sizes.classOf(size));
        return window != null ? window : takeInTime(new Attempt(size));
    }

    /** One thread that needs a window, and there was no idle one of its size. */
    private final class Attempt {
        private final int size;
        private final int dataSize;
        private final boolean nested = Stays.isInsideWindow();

        /** Why the last try failed: no place among the windows that are allowed, or else no pages. */
        private boolean refusedPlace;

        Attempt(int wanted) {
            size = sizes.classOf(wanted);
            dataSize = sizes.rounded(wanted);
        }

        @Nullable
        SealingWindow tryTake() {
            while (true) {
                SealingWindow window = takeIdleFrom(size);
                if (window != null) {
                    return window;
                }
                long before = released.get();
                try {
                    if (reserve(nested)) {
                        return make(dataSize);
                    }
                    if (!dropIdle(dataSize)) {
                        refusedPlace = true;
                        return null;
                    }
                } catch (MemoryLimitException e) {
                    if (!dropIdle(dataSize) && mustWait(e, before)) {
                        return null;
                    }
                }
            }
        }

        /**
         * Whether there is nothing to do but wait, for a window that is in use, on its way back, or being made.
         *
         * @return false if pages came back meanwhile
         * @throws MemoryLimitException if there is nothing to wait for
         */
        private boolean mustWait(MemoryLimitException failure, long releasedBefore) {
            boolean none = areAllIdle(); // Before the look at what came back: a window counts until it has.
            if (released.get() != releasedBefore || idle.count(size) > 0) {
                return false;
            }
            if (nested || (none && areAllIdle())) {
                throw failure;
            }
            refusedPlace = false;
            return true;
        }
    }

    private boolean areAllIdle() {
        return count.get() <= idle.count(0);
    }

    /** Counts a window that is about to be made, if it may be. */
    private boolean reserve(boolean nested) {
        boolean bounded = options.whenExhausted() == WindowExhaustion.WAIT && !nested;
        int most = bounded ? options.maxWindows() : Integer.MAX_VALUE;
        int now;
        do {
            now = count.get();
            if (now >= most) {
                return false;
            }
        } while (!count.compareAndSet(now, now + 1));
        return true;
    }

    /**
     * Gives up an idle window, whose pages another size needs; returns whether there was one. The last one stays unless its pages
     * are what is missing: what is sealed could not be opened any more.
     */
    private boolean dropIdle(int dataSize) {
        for (int size = 0; size < WindowSizes.CLASSES; size++) {
            SealingWindow window = takeIdle(size);
            if (window != null) {
                window.setBusy(false);
                long missing = sizes.pagesOf(dataSize) - sizes.pagesOf(window.size());
                if (made() > 1 || memory.pages().budget().hasRoom(missing)) {
                    discard(window);
                    return true;
                }
                putBack(window, size);
            }
        }
        return false;
    }

    /** See {@link GivingUp#giveUp}. */
    long giveUp(long bytes, boolean lockedOnly) {
        return givingUp.giveUp(bytes, lockedOnly);
    }

    int made() {
        return windows.size();
    }

    /** Puts a window back that was taken in vain. */
    void putBack(SealingWindow window, int size) {
        if (!idle.put(window, size)) {
            discard(window);
        }
        returns.announcePages();
    }

    /** Takes an idle window of a size or a larger one. */
    private @Nullable SealingWindow takeIdleFrom(int size) {
        SealingWindow window = null;
        for (int larger = size; window == null && larger < WindowSizes.CLASSES; larger++) {
            window = takeIdle(larger);
        }
        return window;
    }

    /** Returns null if there is none, as for what needs a window of its own. */
    @Nullable
    SealingWindow takeIdle(int size) {
        SealingWindow window = size < WindowSizes.CLASSES ? idle.take(size) : null;
        while (window != null && !window.region().isOpen()) {
            discard(window); // A purge met it on its way back.
            window = idle.take(size);
        }
        return window;
    }

    /** Makes a window that is counted already. */
    private SealingWindow make(int dataSize) {
        SealingWindow window;
        try {
            window = new SealingWindow(memory.createKeptOpen(dataSize), coffer, library);
        } catch (RuntimeException | Error e) {
            failedToMake(e instanceof MemoryLimitException);
            throw e;
        }
        window.setBusy(true);
        windows.add(window);
        return window;
    }

    /** Pages that were taken for a moment may have been refused to others, who must hear that they are there again. */
    private void failedToMake(boolean atTheLimit) {
        if (!atTheLimit) {
            released.incrementAndGet();
        }
        if (count.decrementAndGet() == 0 || !atTheLimit) {
            returns.announcePages();
        } else {
            returns.announcePlace();
        }
    }

    private SealingWindow takeInTime(Attempt attempt) {
        SealingWindow first = attempt.tryTake();
        if (first != null) {
            return first;
        }
        try (WindowReturns.Waiter waiter = returns.enter(Deadline.after(memory.closeTimeout()))) {
            while (true) {
                waiter.look();
                SealingWindow window = attempt.tryTake();
                if (window != null) {
                    return window;
                }
                if (!attempt.refusedPlace && waiter.listenTo(account)) {
                    continue; // Something may have come back before.
                }
                if (!waiter.rest(attempt.refusedPlace)) {
                    throw WindowReturns.inVain(memory.closeTimeout(), count.get());
                }
            }
        }
    }

    /** Ends the waits for windows of a vault that is being closed. */
    void endWaits() {
        returns.end();
    }

    /** Takes a window back, whose plaintext is wiped and which nobody is inside. */
    void giveBack(SealingWindow window) {
        int size = sizes.classOf(window.size());
        window.setBusy(false);
        try {
            if (closed || !window.region().isOpen() || size >= WindowSizes.CLASSES || !idle.put(window, size)) {
                discard(window);
            } else if (closed) {
                close();
            }
        } finally {
            returns.announcePages();
            account.announce();
        }
    }

    /** Counts a window until its pages are given back, so that who is short of pages knows what to wait for. */
    void discard(SealingWindow window) {
        window.retire();
        try {
            window.region().close();
        } catch (CanaryViolationException e) {
            window.region().owner().raiseCanaryAlarm();
            throw e;
        } finally {
            released.incrementAndGet();
            if (windows.remove(window)) {
                count.decrementAndGet();
            }
            returns.announcePages();
        }
    }

    /** Purges the windows that somebody has now; idle ones hold zeros. The caller finishes the purge. */
    Purge beginPurge(Deadline deadline) {
        return memory.beginPurge(regionsOf(SealingWindow::isBusy), deadline);
    }

    List<Region> regionsOf(Predicate<SealingWindow> which) {
        return windows.stream().filter(which).map(SealingWindow::region).toList();
    }

    /** Releases all idle windows, and from now on those that are given back. */
    void close() {
        closed = true;
        Failures failures = new Failures();
        idle.takeAll().forEach(window -> failures.attempt(() -> discard(window)));
        failures.throwFirst();
    }
}
