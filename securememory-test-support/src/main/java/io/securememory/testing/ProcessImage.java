package io.securememory.testing;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Copies the memory of another process to files, in which a residue search then looks. Source: proc_pid_mem(5).
 *
 * <p>A process can search itself, and most tests let it. It then sees no page that it has no access to, where a secret that was
 * closed could still be, and the search itself works on one of its threads. From outside, all pages are seen, all threads
 * rest, and nothing in the process knows what is looked for.
 */
public final class ProcessImage {

    private static final int CHUNK = 1 << 16;
    private static final int ATTEMPTS = 5;

    private final byte[] chunk = new byte[CHUNK];
    private final byte[] zeros = new byte[CHUNK];

    private ProcessImage() {}

    /**
     * Copies the memory that a process has in use, without what is in files that it has only read. If it gives memory back
     * meanwhile, all of it is copied anew.
     *
     * @param pid a child of this process
     * @param directory where to make a directory for the files, which are as large as the memory
     * @param mappings which mappings are copied
     * @return a file for each mapping, named by its addresses and permissions
     * @throws java.io.FileNotFoundException if the system does not allow it
     */
    public static List<Path> write(long pid, Path directory, Predicate<MemoryMapping> mappings) throws IOException {
        File memory = Path.of("/proc", Long.toString(pid), "mem").toFile();
        try (RandomAccessFile source = new RandomAccessFile(memory, "r")) {
            for (int attempt = 1; true; attempt++) {
                try {
                    return new ProcessImage()
                            .write(source, pid, Files.createTempDirectory(directory, "memory"), mappings);
                } catch (IOException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }
    }

    private List<Path> write(RandomAccessFile memory, long pid, Path directory, Predicate<MemoryMapping> mappings)
            throws IOException {
        List<Path> files = new ArrayList<>();
        for (MemoryMapping mapping : MemoryMapping.of(pid)) {
            if (mapping.resident() && !mapping.isKernels() && !mapping.isFile() && mappings.test(mapping)) {
                Path file = directory.resolve(Long.toHexString(mapping.start()) + "-" + Long.toHexString(mapping.end())
                        + " " + mapping.permissions());
                copy(memory, mapping, file);
                files.add(file);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalStateException("no memory of the process could be read");
        }
        return files;
    }

    /** Leaves holes where there are zeros, which most of memory is. */
    private void copy(RandomAccessFile memory, MemoryMapping mapping, Path file) throws IOException {
        memory.seek(mapping.start());
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
            target.setLength(mapping.size());
            for (long done = 0; done < mapping.size(); ) {
                int count = (int) Math.min(CHUNK, mapping.size() - done);
                memory.readFully(chunk, 0, count);
                if (!Arrays.equals(chunk, 0, count, zeros, 0, count)) {
                    target.seek(done);
                    target.write(chunk, 0, count);
                }
                done += count;
            }
        }
    }
}
