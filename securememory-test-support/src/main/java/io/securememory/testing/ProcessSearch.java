package io.securememory.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Searches the whole memory of another process. */
public final class ProcessSearch {

    private static final int ATTEMPTS = 5;

    private ProcessSearch() {}

    /**
     * Searches the memory that a process has in use. If it gives memory back meanwhile, all of it is searched anew.
     *
     * @param pid a child of this process
     * @param patterns what to look for, by name
     * @param mappings which mappings are searched
     * @return the names of what was found, with the place
     */
    public static SortedSet<String> find(long pid, Map<String, byte[]> patterns, Predicate<MemoryMapping> mappings) {
        for (int attempt = 1; true; attempt++) {
            try {
                return findOnce(pid, patterns, mappings);
            } catch (UncheckedIOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static SortedSet<String> findOnce(
            long pid, Map<String, byte[]> patterns, Predicate<MemoryMapping> mappings) {
        ByteSearch search = new ByteSearch(patterns);
        SortedSet<String> found = new TreeSet<>();
        long bytes = 0;
        try (ProcessMemory memory = ProcessMemory.of(pid)) {
            for (MemoryMapping mapping : MemoryMapping.of(pid)) {
                if (mapping.resident() && !mapping.isKernels() && mappings.test(mapping)) {
                    bytes += mapping.size();
                    search.foundIn(memory.stream(mapping))
                            .forEach(name -> found.add(name + " in " + Long.toHexString(mapping.start()) + " "
                                    + mapping.permissions() + " " + mapping.flags()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes == 0) {
            throw new IllegalStateException("no memory of the process could be read");
        }
        return found;
    }
}
