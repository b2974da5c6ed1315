package io.securememory.spring.boot.sources;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * A pipe with a name, in a directory that only this user can enter. What goes through it is in the kernel only, never on a
 * disk. The JDK's own pipe to a process has a buffer on the heap.
 */
final class NamedPipe implements AutoCloseable {

    private static final long MAKING_SECONDS = 5;

    private final Path directory;
    private final Path pipe;
    private final FileChannel reader;
    /** Keeps the pipe open until a process writes to it. */
    private final FileChannel writer;

    private NamedPipe(Path directory, Path pipe, FileChannel reader, FileChannel writer) {
        this.directory = directory;
        this.pipe = pipe;
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * Makes a pipe by the program {@code mkfifo}, because the JDK cannot.
     *
     * @throws IOException if there is no such program, or it fails
     */
    static NamedPipe make() throws IOException {
        Path directory = Files.createTempDirectory("securememory");
        Path pipe = directory.resolve("pipe");
        try {
            run("mkfifo", "-m", "600", pipe.toString());
            // Opened for both first: opened for one end only, it would wait for the other end.
            FileChannel writer = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                return new NamedPipe(directory, pipe, FileChannel.open(pipe, StandardOpenOption.READ), writer);
            } catch (IOException | RuntimeException | Error e) {
                writer.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            delete(pipe, directory);
            throw e;
        }
    }

    private static void run(String... words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(MAKING_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("mkfifo has failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the thread was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void delete(Path pipe, Path directory) throws IOException {
        Files.deleteIfExists(pipe);
        Files.deleteIfExists(directory);
    }

    /** Returns what a process is to write to. */
    File file() {
        return pipe.toFile();
    }

    /** Returns the end that is read. */
    FileChannel reader() {
        return reader;
    }

    /** Ends the pipe when the last process that writes to it ends, and takes its name away. */
    void handOver() throws IOException {
        try (writer) {
            delete(pipe, directory);
        }
    }

    @Override
    public void close() throws IOException {
        try (writer;
                reader) {
            delete(pipe, directory);
        }
    }
}
