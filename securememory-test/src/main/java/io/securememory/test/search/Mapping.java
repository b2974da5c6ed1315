package io.securememory.test.search;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A mapping of this process. Source: proc_pid_smaps(5).
 *
 * @param start first address
 * @param end address after the last one
 * @param permissions for example {@code rw-p}
 * @param offset where it begins in the file
 * @param name file, or what the kernel calls it, or empty
 * @param residentBytes how many of its bytes are in memory or in swap
 * @param flags as in the line VmFlags
 */
record Mapping(
        long start, long end, String permissions, long offset, String name, long residentBytes, Set<String> flags) {

    private static final Path SMAPS = Path.of("/proc/self/smaps");
    private static final int OFFSET = 2;
    private static final int NAME = 5;
    private static final int KIB = 1024;
    private static final String FLAGS = "VmFlags:";

    /** Names of values begin with a capital letter, so mappings can be told apart by their first digit. */
    private static final String HEX_DIGITS = "0123456789abcdef";

    /** ZGC has its heap in a file of memory, which it may map several times. */
    private static final String HEAP_FILE = "java_heap";

    /** Returns the mappings of this process, in the order of their addresses. */
    static List<Mapping> all() throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(SMAPS)) {
            return of(lines);
        }
    }

    /** Returns the mappings of a list. */
    static List<Mapping> of(BufferedReader lines) throws IOException {
        List<Mapping> mappings = new ArrayList<>();
        String[] head = {};
        long resident = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (HEX_DIGITS.indexOf(line.charAt(0)) >= 0) {
                head = line.split(" +", NAME + 1);
                resident = 0;
            } else if (line.startsWith("Rss:") || line.startsWith("Swap:")) {
                resident += Long.parseLong(line.split(" +", 3)[1]) * KIB;
            } else if (line.startsWith(FLAGS)) {
                mappings.add(of(
                        head,
                        resident,
                        Set.of(line.substring(FLAGS.length()).trim().split(" ", -1))));
            }
        }
        return mappings;
    }

    private static Mapping of(String[] head, long resident, Set<String> flags) {
        String[] range = head[0].split("-", 2);
        return new Mapping(
                Long.parseUnsignedLong(range[0], 16),
                Long.parseUnsignedLong(range[1], 16),
                head[1],
                Long.parseUnsignedLong(head[OFFSET], 16),
                head.length > NAME ? head[NAME] : "",
                resident,
                flags);
    }

    long size() {
        return end - start;
    }

    boolean contains(long address) {
        return start <= address && address < end;
    }

    /** Tells whether it is memory of devices or the kernel's own, which cannot be read or has no bytes of programs. */
    boolean isOfKernel() {
        return start < 0 || flags.contains("io") || flags.contains("pf") || name.startsWith("[v");
    }

    /**
     * Tells whether it is memory for secrets: it is left out of core dumps, and is locked or is not passed to forked
     * processes. Nothing in it is residue.
     */
    boolean isProtected() {
        return flags.contains("dd") && (flags.contains("lo") || flags.contains("wf") || flags.contains("dc"));
    }

    /** Tells whether it is one of several views of the heap. */
    boolean isViewOfHeap() {
        return name.contains(HEAP_FILE);
    }

    /** Returns what an address in it is in each view of the same memory. */
    long inAllViews(long address) {
        return isViewOfHeap() ? address - start + offset : address;
    }

    /** Tells whether it was loaded from a file and cannot have been changed. */
    boolean isUnchangedFile() {
        return name.startsWith("/") && !permissions.contains("w");
    }
}
