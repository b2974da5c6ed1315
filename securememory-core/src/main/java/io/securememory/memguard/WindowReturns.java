package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where threads wait for a window, and are told when to try again. Nothing is allocated under the lock.
 *
 * <p>A window that could not be made at the lock limit frees its place among the windows that are allowed, and no pages. Who
 * was refused a place is told of that; who was refused pages is not: such threads would wake each other for ever.
 */
final class WindowReturns {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong pages = new AtomicLong();
    private final AtomicLong places = new AtomicLong();
    private final Runnable announcing = this::announcePages;
    private volatile boolean ended;

    /** One thread that waits. It looks, tries to have a window, and rests until something came back since it looked. */
    final class Waiter implements AutoCloseable {
        private final Deadline deadline;
        private long seenPages;
        private long seenPlaces;
        private @Nullable ProcessAccount listening;

        private Waiter(Deadline deadline) {
            this.deadline = deadline;
        }

        /**
         * Before each try.
         *
         * @throws SecretClosedException if nothing is to be waited for any more
         */
        void look() {
            if (ended) {
                throw new SecretClosedException("The session was closed while a sealed secret waited for a window.");
            }
            seenPages = pages.get();
            seenPlaces = places.get();
        }

        /**
         * Rests after a try that failed.
         *
         * @param placeIsEnough whether this thread was refused a place, not pages
         * @return false if time was over
         */
        boolean rest(boolean placeIsEnough) {
            lock.lock();
            try {
                return deadline.await(
                        changed, () -> pages.get() != seenPages || (placeIsEnough && places.get() != seenPlaces));
            } finally {
                lock.unlock();
            }
        }

        /** From now on, hears of what becomes idle in any session; returns false if it did before. */
        boolean listenTo(ProcessAccount account) {
            if (listening != null) {
                return false;
            }
            account.addHungry(announcing);
            listening = account;
            return true;
        }

        @Override
        public void close() {
            waiting.decrementAndGet();
            if (listening != null) {
                listening.removeHungry(announcing);
            }
        }
    }

    /** Ends all waiting for good. */
    void end() {
        ended = true;
        announcePages();
    }

    static SecureMemoryException inVain(Duration timeout, int used) {
        return new SecureMemoryException("No window for a sealed secret became free within " + timeout.toMillis()
                + " ms; " + used + " are in use. Keep accesses short, allow more windows, or raise the lock limit.");
    }

    Waiter enter(Deadline deadline) {
        Waiter waiter = new Waiter(deadline);
        waiting.incrementAndGet();
        return waiter;
    }

    /** A window or its pages came back. */
    void announcePages() {
        announce(pages);
    }

    /** A window less is counted, and no pages came back. */
    void announcePlace() {
        announce(places);
    }

    private void announce(AtomicLong what) {
        if (waiting.get() == 0) {
            return;
        }
        lock.lock();
        try {
            what.incrementAndGet();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
