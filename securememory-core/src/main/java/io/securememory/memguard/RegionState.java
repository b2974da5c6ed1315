package io.securememory.memguard;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/**
 * The state of a region in one atomic word: lifecycle, flags and number of readers.
 *
 * <p>Without the region's lock, a thread may only join readers that are inside ({@link #tryJoin()}) and leave while
 * others stay ({@link #tryLeave()}). Where the pages stay open, it may also be the first ({@link #tryEnterAlone()}) and
 * the last one ({@link #tryLeaveAlone()}) of an open region. Everything else happens under the lock; as joins and leaves go
 * on meanwhile, it happens by compare-and-set, too.
 */
final class RegionState {

    /** Where a region is in its life. */
    enum Lifecycle {
        /** May be accessed. */
        OPEN(0),
        /** A re-protect failed: no access until the release. */
        POISONED(1),
        /** No new readers; released by whoever finds none inside. */
        CLOSING(2),
        /** Released. */
        FREED(3);

        /** The value's place in the state word. */
        private final long bits;

        Lifecycle(long number) {
            bits = number << LIFECYCLE_SHIFT;
        }
    }

    private static final long READERS = 0x7FFF_FFFFL;
    private static final long WRITER = 1L << 32;
    private static final long WIPED = 1L << 33;
    private static final int LIFECYCLE_SHIFT = 40;
    private static final long LIFECYCLE = 3L << LIFECYCLE_SHIFT;
    private static final Lifecycle[] LIFECYCLES = Lifecycle.values();

    private final AtomicLong word = new AtomicLong();

    Lifecycle lifecycle() {
        return LIFECYCLES[(int) ((word.get() & LIFECYCLE) >>> LIFECYCLE_SHIFT)];
    }

    boolean isOpen() {
        return (word.get() & LIFECYCLE) == 0;
    }

    int readers() {
        return (int) (word.get() & READERS);
    }

    boolean hasWriter() {
        return (word.get() & WRITER) != 0;
    }

    boolean isIdle() {
        return (word.get() & (READERS | WRITER)) == 0;
    }

    /** Whether the data was wiped while someone was inside. */
    boolean isWiped() {
        return (word.get() & WIPED) != 0;
    }

    /** Adds a reader if the region is open and a reader is inside already. */
    boolean tryJoin() {
        while (true) {
            long now = word.get();
            if ((now & READERS) == 0 || (now & LIFECYCLE) != 0) {
                return false;
            }
            if ((now & READERS) == READERS) {
                throw new IllegalStateException("more than " + READERS + " readers at once");
            }
            if (word.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Takes a reader away if another one stays inside. */
    boolean tryLeave() {
        while (true) {
            long now = word.get();
            if ((now & READERS) <= 1) {
                return false;
            }
            if (word.compareAndSet(now, now - 1)) {
                return true;
            }
        }
    }

    /** Adds the only reader of an open, idle region whose pages are readable. */
    boolean tryEnterAlone() {
        long now = word.get();
        return (now & (LIFECYCLE | WRITER | READERS)) == 0 && word.compareAndSet(now, now + 1);
    }

    /** Takes the only reader away if the region is open, so that nobody waits for it to become idle. */
    boolean tryLeaveAlone() {
        long now = word.get();
        return (now & (LIFECYCLE | READERS)) == 1 && word.compareAndSet(now, now - 1);
    }

    /** Under the lock: makes the caller the first reader of an open, idle region whose pages are readable. */
    void enterFirst() {
        change(now -> now + 1);
    }

    /** Under the lock: takes the last reader away; false if others have joined meanwhile. */
    boolean tryLeaveLast() {
        long now = word.get();
        return (now & READERS) == 1 && word.compareAndSet(now, now - 1);
    }

    /** Under the lock: admits the one writer if the region is idle. */
    boolean tryEnterWriter() {
        long now = word.get();
        return (now & (WRITER | READERS)) == 0 && word.compareAndSet(now, now | WRITER);
    }

    /** Under the lock. */
    void leaveWriter() {
        change(now -> now & ~WRITER);
    }

    /** Under the lock. */
    void markWiped() {
        change(now -> now | WIPED);
    }

    /** Under the lock. The lifecycle only moves forward. */
    void moveTo(Lifecycle next) {
        if (next.compareTo(lifecycle()) > 0) {
            change(now -> (now & ~LIFECYCLE) | next.bits);
        }
    }

    private void change(LongUnaryOperator operator) {
        word.updateAndGet(operator);
    }

    @Override
    public String toString() {
        return lifecycle() + ", " + readers() + " readers" + (hasWriter() ? ", writer" : "")
                + (isWiped() ? ", wiped" : "");
    }
}
