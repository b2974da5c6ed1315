package io.securememory.spring.boot.autoconfigure;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread does. */
final class Deadline {

    private static final long SECONDS = 60;

    private Deadline() {}

    /** Returns when the condition holds, and fails if it does not in time. */
    static void await(Callable<Boolean> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try {
            while (!condition.call()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("the condition did not hold within " + SECONDS + " seconds");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        } catch (Exception e) {
            throw new AssertionError("the condition failed", e);
        }
    }
}
