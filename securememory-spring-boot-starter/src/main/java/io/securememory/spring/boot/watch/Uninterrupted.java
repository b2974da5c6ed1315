package io.securememory.spring.boot.watch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs tasks that an interruption of the thread must not disturb. The interruption is postponed until the end of the task, and
 * not lost.
 */
public final class Uninterrupted {

    /** Name of the threads for tasks that may never return. */
    static final String THREAD_NAME = "securememory-bundle-update";

    private Uninterrupted() {}

    /** Runs a task that an interruption does not stop. Afterwards, the thread is still interrupted if it was before. */
    public static boolean get(BooleanSupplier task) {
        boolean interrupted = Thread.interrupted();
        try {
            return task.getAsBoolean();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Runs a task in a thread of its own, and waits for it for a limited time. If no thread can be started, the calling thread
     * runs the task.
     *
     * @param task throws nothing
     */
    public static void runBriefly(Runnable task, Duration longest) {
        Thread thread = new Thread(task, THREAD_NAME);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            task.run();
            return;
        }
        long end = System.nanoTime() + longest.toNanos();
        get(() -> join(thread, end));
    }

    private static boolean join(Thread thread, long end) {
        boolean interrupted = false;
        for (long left = end - System.nanoTime(); left > 0 && thread.isAlive(); left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
