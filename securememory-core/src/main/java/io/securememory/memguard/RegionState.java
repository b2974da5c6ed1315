package io.securememory.memguard;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The state of a region in one atomic word: lifecycle, flags and number of readers.
 *
 * <p>A reader is counted before it knows whether it may read, by one addition that cannot fail: {@link #enter()}. It is
 * inside if the pages are {@linkplain #isReadable() readable}, and they stay so for as long as it is counted. If they are
 * not, it is counted all the same, and whoever makes them readable does so for all who are counted by then. The pages become
 * readable, and stop to be so, under the region's lock only.
 *
 * <p>Where the pages stay open, a reader may also be the first ({@link #tryEnterAlone()}) and the last one
 * ({@link #tryLeaveAlone()}) of an open region without the lock. Everything else happens under the lock; as readers come
 * and go meanwhile, it happens by compare-and-set, too.
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

    /** Those who are inside, and those who wait for the pages to become readable. */
    int readers() {
        return (int) (word.get() & READERS);
    }

    boolean hasWriter() {
        return (word.get() & WRITER) != 0;
    }

    /**
     * Whether nobody is inside, and the pages are at rest. Under the lock that stays so: readers who are counted meanwhile
     * find pages that are not readable, and wait for the lock.
     */
    boolean isIdle() {
        return isIdle(word.get());
    }

    private static boolean isIdle(long word) {
        return (word & (READABLE | WRITER)) == 0;
    }

    /** Whether the region is open and its pages are readable: who is counted and sees this is inside. */
    boolean isReadable() {
        return isReadable(word.get());
    }

    private static boolean isReadable(long word) {
        return (word & (READABLE | LIFECYCLE)) == READABLE;
    }

    /** Whether the data was wiped while someone was inside; if not, whatever the caller has read before is whole. */
    boolean isWiped() {
        VarHandle.acquireFence(); // No reading before it moves behind the look; an instruction on few processors only.
        return isWiped(word.get());
    }

    /** As {@link #isWiped()}, at the moment that {@link #leave()} returned. */
    static boolean isWiped(long word) {
        return (word & WIPED) != 0;
    }

    /**
     * Counts a reader, who has to {@link #leave()} whatever this returns.
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
     * Takes a reader away.
     *
     * @return the state after that, for {@link #isLast(long)} and {@link #isWiped(long)}
     */
    long leave() {
        return word.addAndGet(-1);
    }

    /** Whether the reader who left with this state was the last one and has to bring the pages to rest, under the lock. */
    static boolean isLast(long word) {
        return (word & (READABLE | READERS)) == READABLE;
    }

    /** Adds the only reader of an open, idle region whose pages are readable. */
    boolean tryEnterAlone() {
        long now = word.get();
        return (now & (LIFECYCLE | WRITER | READABLE | READERS)) == 0 && word.compareAndSet(now, (now | READABLE) + 1);
    }

    /** Takes the only reader away if the region is open, so that nobody waits for it to become idle. */
    boolean tryLeaveAlone() {
        long now = word.get();
        return (now & (LIFECYCLE | READERS)) == 1 && word.compareAndSet(now, (now & ~READABLE) - 1);
    }

    /** Under the lock, for an idle region whose pages have just been opened: lets everybody in who is counted. */
    void beginReading() {
        change(0, READABLE);
    }

    /** Under the lock: keeps further readers out if there are none; false if others came, or the last one was seen to. */
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

    /** Under the lock: admits the one writer if the region is idle. */
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

    /** Without a lambda, which would be linked on the first way in or out, however little stack there is. */
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
