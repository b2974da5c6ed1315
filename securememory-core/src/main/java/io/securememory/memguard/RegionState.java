package io.securememory.memguard;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The state of a region in one atomic word: lifecycle, flags and number of readers.
 *
 * <p>A reader is counted before it knows whether it may read, by one addition that cannot fail: {@link #enter()}. If
 * the pages are {@linkplain #isReadable() readable} then, the reader is inside, and they stay readable for as long as
 * it is counted. If they are not, it is counted all the same, and the thread that makes them readable does so for all
 * readers that are counted by then. Whether the pages are readable changes under the region's lock only.
 *
 * <p>There is one exception: pages that are kept open. There, the first reader may enter ({@link #tryEnterAlone()}) and
 * the last one may leave ({@link #tryLeaveAlone()}) without the lock, while the region is open. Everything else happens
 * under the lock, but by compare-and-set, as readers come and go meanwhile.
 */
final class RegionState {

    /** The stages of a region's life. */
    enum Lifecycle {
        /** May be accessed. */
        OPEN(0),
        /** The pages could not be protected again: no further access. They wait for the release. */
        POISONED(1),
        /** No new readers. Released by the thread that finds nobody inside. */
        CLOSING(2),
        /** Released. */
        FREED(3);

        /** This value, shifted to its place in the state word. */
        private final long bits;

        Lifecycle(long number) {
            bits = number << LIFECYCLE_SHIFT;
        }
    }

    private static final long READERS = 0x7FFF_FFFFL;
    private static final long WRITER = 1L << 32;
    private static final long WIPED = 1L << 33;
    private static final long READABLE = 1L << 34;
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

    /** How many readers are inside, or wait for the pages to become readable. */
    int readers() {
        return (int) (word.get() & READERS);
    }

    boolean hasWriter() {
        return (word.get() & WRITER) != 0;
    }

    /**
     * Whether nobody is inside and the pages are at rest. Under the lock this stays true: readers that are counted
     * later find pages that are not readable, and wait for the lock.
     */
    boolean isIdle() {
        return isIdle(word.get());
    }

    private static boolean isIdle(long word) {
        return (word & (READABLE | WRITER)) == 0;
    }

    /** Whether the region is open and its pages are readable. A counted reader that sees this is inside. */
    boolean isReadable() {
        return isReadable(word.get());
    }

    private static boolean isReadable(long word) {
        return (word & (READABLE | LIFECYCLE)) == READABLE;
    }

    /**
     * Whether a purge has wiped the data while a thread was inside. If not, all that the caller has read before was
     * intact.
     */
    boolean isWiped() {
        VarHandle.acquireFence(); // Keeps earlier reads before this check. An instruction on few processors only.
        return isWiped(word.get());
    }

    /** Whether a state that {@link #leave()} returned says that a purge has wiped the data. */
    static boolean isWiped(long word) {
        return (word & WIPED) != 0;
    }

    /**
     * Counts a reader, which has to {@link #leave()} whatever this returns.
     *
     * @return whether it is inside
     */
    boolean enter() {
        long before = word.getAndAdd(1);
        if ((before & READERS) == READERS) {
            word.getAndAdd(-1);
            throw new IllegalStateException("more than " + READERS + " readers at once");
        }
        return isReadable(before);
    }

    /**
     * Takes one reader off the count.
     *
     * @return the new state, for {@link #isLast(long)} and {@link #isWiped(long)}
     */
    long leave() {
        return word.addAndGet(-1);
    }

    /**
     * Whether the reader that left with this state was the last one, which has to bring the pages to rest under the
     * lock.
     */
    static boolean isLast(long word) {
        return (word & (READABLE | READERS)) == READABLE;
    }

    /**
     * For pages that are kept open: counts the only reader of an open, idle region. Returns whether that was possible.
     */
    boolean tryEnterAlone() {
        long now = word.get();
        return (now & (LIFECYCLE | WRITER | READABLE | READERS)) == 0 && word.compareAndSet(now, (now | READABLE) + 1);
    }

    /**
     * For pages that are kept open: takes the only reader off the count if the region is open, so that nobody waits for
     * it to become idle.
     */
    boolean tryLeaveAlone() {
        long now = word.get();
        return (now & (LIFECYCLE | READERS)) == 1 && word.compareAndSet(now, (now & ~READABLE) - 1);
    }

    /** Under the lock, for an idle region whose pages were just made readable: lets in all readers that are counted. */
    void beginReading() {
        change(0, READABLE);
    }

    /**
     * Under the lock: makes the region idle if no reader is counted. Returns false if another reader came, or if the
     * region is idle already.
     */
    boolean tryEndReading() {
        long now = word.get();
        while (isLast(now)) {
            if (word.compareAndSet(now, now & ~READABLE)) {
                return true;
            }
            now = word.get();
        }
        return false;
    }

    /** Under the lock: admits the writer if the region is idle. */
    boolean tryEnterWriter() {
        long now = word.get();
        while (isIdle(now)) {
            if (word.compareAndSet(now, now | WRITER)) {
                return true;
            }
            now = word.get();
        }
        return false;
    }

    /** Under the lock. */
    void leaveWriter() {
        change(WRITER, 0);
    }

    /** Under the lock. */
    void markWiped() {
        change(0, WIPED);
    }

    /** Under the lock. The lifecycle only moves forward. */
    void moveTo(Lifecycle next) {
        if (next.compareTo(lifecycle()) > 0) {
            change(LIFECYCLE, next.bits);
        }
    }

    /** Uses no lambda: it would be linked on first use, for which there may not be enough stack. */
    private void change(long cleared, long set) {
        long now;
        do {
            now = word.get();
        } while (!word.compareAndSet(now, (now & ~cleared) | set));
    }

    @Override
    public String toString() {
        return lifecycle() + ", " + readers() + " readers" + (hasWriter() ? ", writer" : "")
                + (isWiped() ? ", wiped" : "");
    }
}
