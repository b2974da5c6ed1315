package io.securememory.spring.boot.secrets;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the rotations of one secret, so that listeners are told once of each. Safe for use by several threads. */
final class RotationCount {

    private final AtomicLong all = new AtomicLong();

    /** Those that listeners were told of, or are being told of. */
    private final AtomicLong told = new AtomicLong();

    private final AtomicBoolean telling = new AtomicBoolean();

    void add() {
        all.incrementAndGet();
    }

    long all() {
        return all.get();
    }

    /** Runs what tells the listeners for each rotation that nobody was told of, by one thread at a time. */
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

    /** Takes one rotation that nobody was told of, if there is one. */
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
