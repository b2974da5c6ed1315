package io.securememory.testing;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Ends a JVM of tests that does not end by itself, after printing what its threads are doing. */
final class Ending {

    private static final int STATUS = 99;

    /**
     * Prefix of a file's name. A thread of the build writes to the console and may be blocked; the file is written at
     * once.
     */
    private static final String FILE_PREFIX = "stopped-";

    private static final long LONGEST_PRINT_MILLIS = 40_000;
    private static final long TO_BE_READ_MILLIS = 1_000;

    private Ending() {}

    /** The work of a background thread. */
    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }

    static Thread inBackground(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Prints a title, and the threads of this JVM and of its children, to the console and to a file in the module's
     * directory.
     */
    static void print(String title) {
        String text = title + "\n" + ThreadDumps.ofThisAndChildren();
        write(text);
        System.out.println(text);
        System.out.flush();
    }

    private static void write(String text) {
        Path target = Path.of("target");
        if (!Files.isDirectory(target)) {
            return;
        }
        String file = FILE_PREFIX + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".txt";
        try {
            Files.writeString(target.resolve(file), text);
        } catch (IOException e) {
            System.out.println("cannot write the threads to " + file + ": " + e);
        }
    }

    /** Prints the same, kills the children, and ends this JVM, even if printing does not finish. */
    static void halt(String title) {
        try {
            Thread printing = inBackground("end-of-tests", () -> print(title));
            printing.join(LONGEST_PRINT_MILLIS);
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            inBackground(
                            "end-of-tests-title",
                            () -> new PrintStream(
                                            new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8)
                                    .println(title))
                    .join(TO_BE_READ_MILLIS);
            TimeUnit.MILLISECONDS.sleep(TO_BE_READ_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
