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
 * The windows of one coffer, which are kept for later accesses. They have few {@linkplain WindowSizes sizes}. A longer
 * plaintext gets a new window for one access. Only threads that wait for a window take a lock, and threads that wake
 * them.
 */
final class SealingWindows {

    /** Checks in a row, after which idle windows that cannot give way are all that there is. */
    private static final int CHECKS = 10;

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

    /** How often pages came back, or could not be taken for a reason other than a limit. */
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

    /** Whether sealing in a copy in a window is faster, and as much memory again stays free for others. */
    boolean areFasterInPlace(int length) {
        if (!library.isWorthwhile(length)) {
            return false;
        }
        int dataSize = sizes.dataSizeFor(length);
        int size = sizes.classOf(dataSize);
        return (size < WindowSizes.CLASSES && idle.count(size) > 0)
                || memory.pages().budget().hasRoom(2 * sizes.pagesOf(dataSize));
    }

    /** Makes a window before it is first needed. */
    void prepare() {
        giveBack(take(1));
    }

    /**
     * Takes a window. The caller gives it back.
     *
     * @param room bytes of plaintext in the window
     * @throws MemoryLimitException if there is no window, none can be made, and waiting would not help: this thread is
     *     inside an access already, or no window is in use
     * @throws SecureMemoryException if no window came back within the close timeout
     */
    SealingWindow take(int room) {
        int size = sizes.dataSizeFor(room);
        SealingWindow window = takeIdle(sizes.classOf(size));
        return window != null ? window : takeInTime(new Attempt(size));
    }

    /** The attempts of one thread to get a window, when there was no idle one of its size. */
    private final class Attempt {
        private final int size;
        private final int dataSize;
        private final boolean nested = Stays.isInsideWindow();

        /** Whether the last attempt failed as no further window is allowed, and not for want of pages. */
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
         * Whether this thread has to wait: for a window that is in use, on its way back, or being made.
         *
         * @return false if pages came back meanwhile
         * @throws MemoryLimitException if there is nothing to wait for
         */
        private boolean mustWait(MemoryLimitException failure, long releasedBefore) {
            boolean none =
                    areAllIdle(); // Before checking what came back: a window is counted until its pages have come back.
            if (released.get() != releasedBefore || idle.count(size) > 0) {
                return false;
            }
            if (nested) {
                throw failure;
            }
            boolean onlyIdle = none;
            for (int i = 0;
                    onlyIdle && i < CHECKS;
                    i++) { // A window may come back after one check and before the next.
                if (dropIdle(dataSize)) {
                    return false;
                }
                onlyIdle = areAllIdle();
            }
            if (onlyIdle) {
                throw failure;
            }
            refusedPlace = false;
            return true;
        }
    }

    private boolean areAllIdle() {
        return count.get() <= idle.count(0);
    }

    /** Counts a window that is about to be made, if another one is allowed. */
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
     * Gives up an idle window whose pages are needed for another size. Returns whether there was one. The last window
     * stays, unless its pages are what is missing: without a window, nothing that is sealed could be opened.
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

    /** Puts back a window that was taken and is not needed. */
    void putBack(SealingWindow window, int size) {
        if (!idle.put(window, size)) {
            discard(window);
        }
        returns.announcePages();
    }

    /** Takes an idle window of this size or a larger one. */
    private @Nullable SealingWindow takeIdleFrom(int size) {
        SealingWindow window = null;
        for (int larger = size; window == null && larger < WindowSizes.CLASSES; larger++) {
            window = takeIdle(larger);
        }
        return window;
    }

    /** Takes an idle window of exactly this size. Null if there is none, or if the size is not kept. */
    @Nullable
    SealingWindow takeIdle(int size) {
        SealingWindow window = size < WindowSizes.CLASSES ? idle.take(size) : null;
        while (window != null && !window.region().isOpen()) {
            discard(window); // A purge came while it was on its way back.
            window = idle.take(size);
        }
        return window;
    }

    /** Makes a window, which is counted already. */
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

    /** Takes a window off the count that could not be made, and tells threads that may have missed its pages. */
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
                    continue; // Something may have come back before this thread listened.
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

    /** Takes back a window, whose plaintext is wiped and which nobody is inside of. */
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

    /** Releases a window. It is counted until its pages came back, so that threads know whether to wait. */
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

    /** Begins to purge the windows in use; idle ones hold zeros. The caller finishes the purge. */
    Purge beginPurge(Deadline deadline) {
        return memory.beginPurge(regionsOf(SealingWindow::isBusy), deadline);
    }

    List<Region> regionsOf(Predicate<SealingWindow> which) {
        return windows.stream().filter(which).map(SealingWindow::region).toList();
    }

    /** Releases all idle windows, and from then on every window that is given back. */
    void close() {
        closed = true;
        Failures failures = new Failures();
        idle.takeAll().forEach(window -> failures.attempt(() -> discard(window)));
        failures.throwFirst();
    }
}
