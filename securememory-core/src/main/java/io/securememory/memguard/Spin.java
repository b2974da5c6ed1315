package io.securememory.memguard;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Waits without parking for the thread that has the lock of a region, for about as long as the kernel takes to change
 * the protection of a page. Parking and waking takes longer. With one processor nobody waits like that, as the other
 * thread needs the processor.
 */
final class Spin {

    private static final int TURNS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;

    private Spin() {}

    /** Takes a lock. Parks only if it stays taken. */
    static void lock(ReentrantLock lock) {
        for (int turn = 0; turn < TURNS; turn++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** Returns whether the pages became readable while another thread had the lock. */
    static boolean untilReadable(RegionState state, ReentrantLock lock) {
        for (int turn = 0; turn < TURNS && lock.isLocked(); turn++) {
            Thread.onSpinWait();
            if (state.isReadable()) {
                return true;
            }
        }
        return false;
    }
}
