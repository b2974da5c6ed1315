package io.securememory.test.search;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A heap dump in a directory that only the owner of the process can enter. It is deleted when it is closed.
 *
 * <p>It has garbage, too, as far as the garbage collector keeps track of it. ZGC and Shenandoah do not.
 */
final class HeapDump implements AutoCloseable {

    private static final boolean LIVE_ONLY = false;
    private static final int MEBIBYTE = 1 << 20;

    private static final int BUFFERS = 4;
    private static final int BUFFER = MEBIBYTE;

    private final Path directory;
    private final Path file;

    private HeapDump(Path directory, Path file) {
        this.directory = directory;
        this.file = file;
    }

    /**
     * Writes a heap dump of this process.
     *
     * @throws IOException if this is not possible; the message says why
     */
    static HeapDump write() throws IOException {
        HotSpotDiagnosticMXBean diagnostics = diagnostics();
        Path directory = Files.createTempDirectory("residue"); // For its owner only, where files have modes.
        HeapDump dump = new HeapDump(directory, directory.resolve("heap.hprof"));
        try {
            dump.requireSpace();
            try {
                diagnostics.dumpHeap(dump.file.toString(), LIVE_ONLY);
            } finally {
                overwriteBuffers();
            }
            return dump;
        } catch (IOException | RuntimeException | Error e) { // Also without memory, no dump stays behind.
            dump.close();
            throw e;
        }
    }

    private static HotSpotDiagnosticMXBean diagnostics() throws IOException {
        HotSpotDiagnosticMXBean diagnostics;
        try {
            diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        } catch (LinkageError e) {
            throw new IOException("this Java has no module jdk.management", e);
        }
        if (diagnostics == null) {
            throw new IOException("this JVM cannot write one");
        }
        return diagnostics;
    }

    /**
     * HotSpot frees the buffers through which it has written, and does not overwrite them. The next ones of this thread
     * that have their size are most likely the same, and new ones are zeros. Otherwise a later search would find there
     * what it looks for.
     */
    private static void overwriteBuffers() {
        List<ByteBuffer> buffers = new ArrayList<>();
        try {
            for (int i = 0; i < BUFFERS; i++) {
                buffers.add(ByteBuffer.allocateDirect(BUFFER));
            }
        } catch (OutOfMemoryError e) {
            buffers.clear(); // A limit of the JVM allows no more of them.
        } finally {
            Reference.reachabilityFence(
                    buffers); // Each has to exist until all do, or the same memory would come twice.
        }
    }

    /** A disk that is full is bad for everyone else who uses it. */
    private void requireSpace() throws IOException {
        Runtime runtime = Runtime.getRuntime();
        long needed = runtime.totalMemory() - runtime.freeMemory();
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < needed) {
            throw new IOException("it needs " + needed / MEBIBYTE + " MiB in the directory java.io.tmpdir, which has "
                    + usable / MEBIBYTE);
        }
    }

    Path file() {
        return file;
    }

    /**
     * Searches the file, and overwrites what it finds. So whoever reads the file afterwards cannot leave copies of it
     * behind.
     *
     * @return how many bytes could not be read, or were not because the time was over
     */
    long scanAndRedact(Scanner scanner, Limits limits, Scanner.Sink sink) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            return scanner.scan(
                    (target, position) -> {
                        limits.tell("the heap", position, size);
                        return limits.isOver() ? -1 : channel.read(target, position);
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
