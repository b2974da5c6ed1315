package io.securememory.test.search;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A heap dump in a directory that only the owner of the process can enter. It is deleted when it is closed.
 *
 * <p>It has garbage, too, as far as the garbage collector keeps track of it. ZGC and Shenandoah do not.
 */
final class HeapDump implements AutoCloseable {

    private static final boolean LIVE_ONLY = false;

    private final Path directory;
    private final Path file;

    private HeapDump(Path directory, Path file) {
        this.directory = directory;
        this.file = file;
    }

    /** Writes a heap dump of this process. */
    static HeapDump write() throws IOException {
        HotSpotDiagnosticMXBean diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (diagnostics == null) {
            throw new IOException("this JVM cannot write a heap dump");
        }
        Path directory = Files.createTempDirectory("residue"); // For its owner only, where files have modes.
        HeapDump dump = new HeapDump(directory, directory.resolve("heap.hprof"));
        try {
            diagnostics.dumpHeap(dump.file.toString(), LIVE_ONLY);
            return dump;
        } catch (IOException | RuntimeException e) {
            dump.close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    long size() throws IOException {
        return Files.size(file);
    }

    /**
     * Searches the file, and overwrites what it finds. So whoever reads the file afterwards cannot leave copies of it
     * behind.
     *
     * @return how many bytes could not be read
     */
    long scanAndRedact(Scanner scanner, Limits limits, Scanner.Sink sink) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            return scanner.scan(
                    (target, position) -> {
                        limits.tell("the heap", position, size);
                        return channel.read(target, position);
                    },
                    0,
                    size,
                    (needle, from, to, isNew, isName) -> {
                        overwrite(channel, from, to);
                        sink.run(needle, from, to, isNew, isName);
                    });
        }
    }

    private static void overwrite(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) (to - from));
        while (zeros.hasRemaining()) {
            channel.write(zeros, from + zeros.position());
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(directory);
    }
}
