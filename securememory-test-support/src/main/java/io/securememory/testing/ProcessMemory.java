package io.securememory.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The memory of another process, as a debugger reads it: also pages that the process itself has no access to. Source:
 * proc_pid_mem(5).
 */
public final class ProcessMemory implements AutoCloseable {

    private final RandomAccessFile memory;

    private ProcessMemory(RandomAccessFile memory) {
        this.memory = memory;
    }

    /**
     * Opens the memory of a child of this process.
     *
     * @throws IOException if the system does not allow it
     */
    public static ProcessMemory of(long pid) throws IOException {
        return new ProcessMemory(
                new RandomAccessFile(Path.of("/proc", Long.toString(pid), "mem").toFile(), "r"));
    }

    /** Returns the bytes of a mapping as a stream, of which there can be one at a time. */
    public InputStream stream(MemoryMapping mapping) throws IOException {
        memory.seek(mapping.start());
        return new InputStream() {
            private long left = mapping.size();

            @Override
            public int read() {
                throw new UnsupportedOperationException("only whole arrays are read");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, target.length);
                int count = left == 0 ? -1 : memory.read(target, offset, (int) Math.min(length, left));
                left -= Math.max(count, 0);
                return count;
            }
        };
    }

    @Override
    public void close() throws IOException {
        memory.close();
    }
}
