package io.securememory.spring.boot.sources;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process whose output is read. When its time is over, or this is closed, it is killed with all processes that it has
 * started.
 */
final class CommandRun implements AutoCloseable {

    static final String THREAD_NAME = "securememory-command";

    private static final int NO_CODE = -1;

    private final Process process;
    private final FileChannel output;
    private final Deadline deadline;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean over;

    /** @param output is closed when the time is over */
    CommandRun(Process process, FileChannel output, Deadline deadline) {
        this.process = process;
        this.output = output;
        this.deadline = deadline;
        Thread watch = new Thread(this::watch, THREAD_NAME);
        watch.setDaemon(true);
        try {
            watch.start();
        } catch (Throwable e) {
            kill();
            throw e;
        }
    }

    private void watch() {
        try {
            if (!closed.await(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
                over = true;
                try {
                    kill();
                } finally {
                    output.close(); // A process that has left its parent may still have the other end.
                }
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt(); // Nobody interrupts this thread, which ends here.
        }
    }

    /** Reads to the end of the output, or up to one byte more than wanted, or until the time is over. */
    void readInto(GrowingBuffer target) throws IOException {
        try {
            int count = 0;
            while (count >= 0 && !target.isTooLong()) {
                count = target.readFrom(output);
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (AsynchronousCloseException e) {
            if (!over) {
                throw e;
            }
        }
    }

    /** Waits for the end of the process, while there is time. Returns its code, which means nothing when time is over. */
    int awaitExit() throws IOException {
        try {
            if (process.waitFor(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
                return process.exitValue();
            }
            over = true;
            return NO_CODE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the thread was interrupted", e);
        }
    }

    /** Tells whether the time was over before the end. */
    boolean isOver() {
        return over;
    }

    private void kill() {
        List<ProcessHandle> all = List.of();
        try {
            all = process.descendants().toList();
        } finally {
            process.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        kill();
    }
}
