package io.securememory.spring.boot.versions;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Counts the rotations of one secret, so that each is announced once. Safe for use by several threads. */
public final class RotationCount {

    private final AtomicLong all = new AtomicLong();

    /** Rotations that were announced or are being announced. */
    private final AtomicLong told = new AtomicLong();

    private final AtomicBoolean telling = new AtomicBoolean();

    public void add() {
        all.incrementAndGet();
    }

    public long all() {
        return all.get();
    }

    /**
     * Runs the announcement once for each rotation that was not announced yet, with its number. Only one thread at a time
     * does this.
     */
    public void tellOfEach(LongConsumer announcement) {
        while (told.get() < all.get() && telling.compareAndSet(false, true)) {
            try {
                for (long next = takeUntold(); next > 0; next = takeUntold()) {
                    announcement.accept(next);
                }
            } finally {
                telling.set(false);
            }
        }
    }

    /**
     * Takes one rotation that was not announced yet. The caller announces it.
     *
     * @return its number, counted from 1, or 0 if there is none
     */
    public long takeUntold() {
        long before = told.get();
        while (before < all.get()) {
            if (told.compareAndSet(before, before + 1)) {
                return before + 1;
            }
            before = told.get();
        }
        return 0;
    }
}
