package io.securememory.spring.boot.secrets;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the rotations of one secret, so that each is announced once. Safe for use by several threads. */
final class RotationCount {

    private final AtomicLong all = new AtomicLong();

    /** Rotations that were announced or are being announced. */
    private final AtomicLong told = new AtomicLong();

    private final AtomicBoolean telling = new AtomicBoolean();

    void add() {
        all.incrementAndGet();
    }

    long all() {
        return all.get();
    }

    /**
     * Runs the announcement once for each rotation that was not announced yet. Only one thread at a time does this.
     */
    void tellOfEach(Runnable announcement) {
        while (told.get() < all.get() && telling.compareAndSet(false, true)) {
            try {
                while (takeUntold()) {
                    announcement.run();
                }
            } finally {
                telling.set(false);
            }
        }
    }

    /** Takes one rotation that was not announced yet, if there is one. The caller announces it. */
    boolean takeUntold() {
        long before = told.get();
        while (before < all.get()) {
            if (told.compareAndSet(before, before + 1)) {
                return true;
            }
            before = told.get();
        }
        return false;
    }
}
