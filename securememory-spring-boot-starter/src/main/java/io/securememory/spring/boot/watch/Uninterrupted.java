package io.securememory.spring.boot.watch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What an interruption of the thread is not to spoil: it is put off until the end, and not lost. */
public final class Uninterrupted {

    /** Of threads for what may never return. */
    static final String THREAD_NAME = "securememory-bundle-update";

    private Uninterrupted() {}

    /** Runs a task that an interruption neither stops nor is lost in. */
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
     * Runs a task in a thread of its own, and waits for it at most for so long. Without a thread, it is run by this one.
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
