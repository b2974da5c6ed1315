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
 * Where threads wait for a window and are told when to try again. Nothing is allocated under the lock.
 *
 * <p>A thread may have been refused a place, as no further window was allowed, or pages. If a window cannot be made at
 * the lock limit, its place becomes free, but no pages come back. So only threads that were refused a place are told:
 * those that were refused pages would wake each other endlessly.
 */
final class WindowReturns {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong pages = new AtomicLong();
    private final AtomicLong places = new AtomicLong();
    private final Runnable announcing = this::announcePages;
    private volatile boolean ended;

    /**
     * One thread that waits. It notes what has come back so far, tries to get a window, and rests until more has come
     * back.
     */
    final class Waiter implements AutoCloseable {
        private final Deadline deadline;
        private long seenPages;
        private long seenPlaces;
        private @Nullable ProcessAccount listening;

        private Waiter(Deadline deadline) {
            this.deadline = deadline;
        }

        /**
         * Notes what has come back so far. Called before each attempt.
         *
         * @throws SecretClosedException if the session was closed
         */
        void look() {
            if (ended) {
                throw new SecretClosedException("The session was closed while a sealed secret waited for a window.");
            }
            seenPages = pages.get();
            seenPlaces = places.get();
        }

        /**
         * Rests after an attempt that failed.
         *
         * @param placeIsEnough whether this thread was refused a place, not pages
         * @return false if the time was over
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

        /**
         * Makes this thread wake, from then on, when memory becomes idle in any session. Returns false if it did
         * already.
         */
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

    /** One window less is counted, but no pages came back. */
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
