package io.securememory.memguard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Windows that are not in use, by size. Takes no lock: each window is in a slot, and threads start their search at
 * different slots, so that they rarely meet.
 */
final class IdleWindows {

    /** Distance of two slots in the array: two cache lines, so that threads do not write to the same line. */
    private static final int STRIDE = 32;

    private final int slots;
    private final AtomicReferenceArray<@Nullable SealingWindow>[] sizes;

    /**
     * @param sizes how many sizes there are
     * @param slots most windows of each size
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no generic arrays.
    IdleWindows(int sizes, int slots) {
        this.slots = slots;
        this.sizes = new AtomicReferenceArray[sizes];
        for (int i = 0; i < sizes; i++) {
            this.sizes[i] = new AtomicReferenceArray<>(Math.multiplyExact(slots, STRIDE));
        }
    }

    /** Takes a window and marks it as busy. Returns null if there is none. */
    @Nullable
    SealingWindow take(int size) {
        AtomicReferenceArray<@Nullable SealingWindow> all = sizes[size];
        int first = firstSlot();
        for (int i = 0; i < slots; i++) {
            int slot = (first + i) % slots * STRIDE;
            SealingWindow window = all.getOpaque(slot);
            if (window != null && all.compareAndSet(slot, window, null)) {
                window.setBusy(true);
                return window;
            }
        }
        return null;
    }

    /** Puts a window into a slot. Returns whether a slot was free. */
    boolean put(SealingWindow window, int size) {
        AtomicReferenceArray<@Nullable SealingWindow> all = sizes[size];
        int first = firstSlot();
        for (int i = 0; i < slots; i++) {
            if (all.compareAndSet((first + i) % slots * STRIDE, null, window)) {
                return true;
            }
        }
        return false;
    }

    /** Counts the windows of a size and of larger ones. Other threads may take and put windows meanwhile. */
    int count(int from) {
        int count = 0;
        for (int size = from; size < sizes.length; size++) {
            for (int i = 0; i < sizes[size].length(); i += STRIDE) {
                count += sizes[size].getOpaque(i) == null ? 0 : 1;
            }
        }
        return count;
    }

    /** Takes all windows. They are not marked as busy. */
    List<SealingWindow> takeAll() {
        List<SealingWindow> taken = new ArrayList<>();
        for (AtomicReferenceArray<@Nullable SealingWindow> all : sizes) {
            for (int i = 0; i < all.length(); i += STRIDE) {
                SealingWindow window = all.getAndSet(i, null);
                if (window != null) {
                    taken.add(window);
                }
            }
        }
        return taken;
    }

    @SuppressWarnings("deprecation") // Thread.threadId() is of Java 19.
    private int firstSlot() {
        return (int) (Thread.currentThread().getId() % slots);
    }
}
