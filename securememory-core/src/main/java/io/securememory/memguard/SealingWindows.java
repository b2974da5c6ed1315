package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.MemoryLimitException;
import io.securememory.PurgeReport;
import io.securememory.SecureMemoryException;
import io.securememory.memguard.internal.SealingEngine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one coffer, kept for the next access.
 *
 * <p>Windows are of one page, two, four and so on up to {@value #CLASSES} sizes; what is longer gets a window of its own
 * for one access. Threads begin to look at different places, so that they rarely meet.
 *
 * <p>The lock is for threads that wait for a window only; nothing is allocated under it.
 */
final class SealingWindows {

    private static final int CLASSES = 6;

    /** From one slot to the next in its array: two lines of a cache, so that threads do not write to each other's. */
    private static final int STRIDE = 32;

    private final GuardedMemory memory;
    private final Coffer coffer;
    private final EnclaveOptions options;
    private final AtomicReferenceArray<@Nullable SealingWindow>[] idle;
    private final Set<SealingWindow> windows = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();

    /** Counts returns while somebody waits for one. */
    private final AtomicLong returns = new AtomicLong();

    private volatile boolean closed;

    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no generic arrays.
    SealingWindows(GuardedMemory memory, Coffer coffer, EnclaveOptions options) {
        this.memory = memory;
        this.coffer = coffer;
        this.options = options;
        this.idle = new AtomicReferenceArray[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            idle[i] = new AtomicReferenceArray<>(Math.multiplyExact(options.maxWindows(), STRIDE));
        }
    }

    int count() {
        return count.get();
    }

    /** Makes a window ahead of its first use. */
    void prepare() {
        giveBack(take(1));
    }

    /**
     * Takes a window for a plaintext. The caller gives it back.
     *
     * @throws MemoryLimitException if there is none, none can be made, and this thread cannot wait as it is inside an
     *     access already
     * @throws SecureMemoryException if none came back in time
     */
    SealingWindow take(int plainLength) {
        int size = classOf(plainLength);
        SealingWindow window = tryTake(size, plainLength);
        return window != null ? window : await(size, plainLength);
    }

    private @Nullable SealingWindow tryTake(int size, int plainLength) {
        SealingWindow window = size < CLASSES ? takeIdle(size) : null;
        if (window != null) {
            return window;
        }
        boolean nested = Stays.isInsideWindow();
        int dataSize =
                size < CLASSES ? (pageSize() << size) - RegionLayout.MIN_CANARY : SealingWindow.dataSize(plainLength);
        while (true) {
            boolean mayMake = reserve(nested);
            try {
                if (mayMake) {
                    return make(dataSize);
                }
                if (!dropIdle()) {
                    return null;
                }
            } catch (MemoryLimitException e) {
                if (!dropIdle()) {
                    if (nested || count.get() == 0) {
                        throw e;
                    }
                    return null; // One is in use, on its way back, or being made.
                }
            }
        }
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

    /** Gives up an idle window of any size, whose pages another size may need; returns whether there was one. */
    private boolean dropIdle() {
        for (int size = 0; size < CLASSES; size++) {
            SealingWindow window = takeIdle(size);
            if (window != null) {
                window.setBusy(false);
                discard(window);
                return true;
            }
        }
        return false;
    }

    private @Nullable SealingWindow takeIdle(int size) {
        AtomicReferenceArray<@Nullable SealingWindow> slots = idle[size];
        int most = options.maxWindows();
        int first = firstSlot(most);
        for (int i = 0; i < most; i++) {
            int slot = (first + i) % most * STRIDE;
            SealingWindow window = slots.getOpaque(slot);
            if (window != null && slots.compareAndSet(slot, window, null)) {
                window.setBusy(true);
                if (window.region().isOpen()) {
                    return window;
                }
                discard(window); // A purge met it on its way back.
            }
        }
        return null;
    }

    @SuppressWarnings("deprecation") // Thread.threadId() is of Java 19.
    private static int firstSlot(int slots) {
        return (int) (Thread.currentThread().getId() % slots);
    }

    /**
     * Makes a window that is counted already. If that fails and there are others, the return of one of them is what threads
     * wait for: were they told of each failure, those who wait at the lock limit would wake each other for ever.
     */
    private SealingWindow make(int dataSize) {
        SealingWindow window;
        try {
            window = new SealingWindow(memory.createKeptOpen(dataSize), coffer);
        } catch (RuntimeException | Error e) {
            if (count.decrementAndGet() == 0) {
                announceReturn();
            }
            throw e;
        }
        window.setBusy(true);
        windows.add(window);
        return window;
    }

    private SealingWindow await(int size, int plainLength) {
        Deadline deadline = Deadline.after(memory.closeTimeout());
        waiting.incrementAndGet();
        try {
            while (true) {
                long seen = returns.get();
                SealingWindow window = tryTake(size, plainLength);
                if (window != null) {
                    return window;
                }
                if (!awaitReturn(deadline, seen)) {
                    throw new SecureMemoryException("No window for a sealed secret became free within "
                            + memory.closeTimeout().toMillis() + " ms; " + count.get() + " are in use. Keep accesses"
                            + " short, allow more windows, or raise the lock limit.");
                }
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    private boolean awaitReturn(Deadline deadline, long seen) {
        lock.lock();
        try {
            return deadline.await(returned, () -> returns.get() != seen);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a window back, whose plaintext is wiped and which nobody is inside. */
    void giveBack(SealingWindow window) {
        int size = classOf(window.capacity());
        window.setBusy(false);
        try {
            if (closed || !window.region().isOpen() || size >= CLASSES || !keep(window, size)) {
                discard(window);
            } else if (closed) {
                close();
            }
        } finally {
            announceReturn();
        }
    }

    /** Wakes those who wait for a window. */
    private void announceReturn() {
        if (waiting.get() == 0) {
            return;
        }
        lock.lock();
        try {
            returns.incrementAndGet();
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean keep(SealingWindow window, int size) {
        AtomicReferenceArray<@Nullable SealingWindow> slots = idle[size];
        int most = options.maxWindows();
        int first = firstSlot(most);
        for (int i = 0; i < most; i++) {
            if (slots.compareAndSet((first + i) % most * STRIDE, null, window)) {
                return true;
            }
        }
        return false;
    }

    /** Counts a window until its pages are given back, so that who is short of pages knows what to wait for. */
    private void discard(SealingWindow window) {
        window.retire();
        try {
            window.region().close();
        } catch (CanaryViolationException e) {
            window.region().group().raiseCanaryAlarm();
            throw e;
        } finally {
            if (windows.remove(window)) {
                count.decrementAndGet();
            }
            announceReturn();
        }
    }

    /** Purges the windows that somebody has; idle ones hold zeros. */
    PurgeReport purge(Duration timeout) {
        List<GuardedRegion> busy = windows.stream()
                .filter(SealingWindow::isBusy)
                .map(SealingWindow::region)
                .toList();
        return memory.purge(busy, timeout);
    }

    /** Releases all idle windows, and from now on those that are given back. */
    void close() {
        closed = true;
        Failures failures = new Failures();
        releaseIdle(failures);
        failures.throwFirst();
    }

    /** Returns whether there were any. */
    private boolean releaseIdle(Failures failures) {
        boolean any = false;
        for (AtomicReferenceArray<@Nullable SealingWindow> slots : idle) {
            for (int i = 0; i < slots.length(); i += STRIDE) {
                SealingWindow window = slots.getAndSet(i, null);
                if (window != null) {
                    any = true;
                    failures.attempt(() -> discard(window));
                }
            }
        }
        return any;
    }

    /** The smallest size that a plaintext fits into, or {@link #CLASSES}. */
    private int classOf(int plainLength) {
        int size = 0;
        while (size < CLASSES
                && plainLength > (pageSize() << size) - RegionLayout.MIN_CANARY - SealingEngine.WORK_SIZE) {
            size++;
        }
        return size;
    }

    private int pageSize() {
        return memory.memCall().pageSize();
    }
}
