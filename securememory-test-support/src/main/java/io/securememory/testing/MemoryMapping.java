package io.securememory.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One mapping of a process as the kernel lists it. Source: proc_pid_smaps(5).
 *
 * @param start first address
 * @param end address behind the last one
 * @param permissions for example {@code rw-p}
 * @param flags as in the line VmFlags
 * @param resident whether at least one of its pages is in memory
 * @param isFile whether it has only what a file has: it cannot be written, and no page was changed before
 */
public record MemoryMapping(
        long start, long end, String permissions, Set<String> flags, boolean resident, boolean isFile) {

    private static final Pattern ENTRY = Pattern.compile(
            "^([0-9a-f]+)-([0-9a-f]+) ([rwxsp-]{4}) \\S+ \\S+ \\d+ *(.*)\\R(?:.*\\R)*?Rss: +(\\d+) kB\\R"
                    + "(?:.*\\R)*?Anonymous: +(\\d+) kB\\R(?:.*\\R)*?VmFlags: (.*)$",
            Pattern.MULTILINE);

    private static final Pattern PAGE_SIZE = Pattern.compile("KernelPageSize: +(\\d+) kB");

    /** All mappings of a process, in the order of their addresses. */
    public static List<MemoryMapping> of(long pid) {
        return ENTRY.matcher(smaps(pid))
                .results()
                .map(entry -> new MemoryMapping(
                        Long.parseUnsignedLong(entry.group(1), 16),
                        Long.parseUnsignedLong(entry.group(2), 16),
                        entry.group(3),
                        Set.of(entry.group(7).trim().split(" ")),
                        !entry.group(5).equals("0"),
                        entry.group(3).startsWith("r-")
                                && isOnDisk(entry.group(4))
                                && entry.group(6).equals("0")))
                .toList();
    }

    /** Names of what is in memory alone are like those of files that were deleted. */
    private static boolean isOnDisk(String name) {
        return name.startsWith("/") && !name.startsWith("/dev/") && !name.endsWith("(deleted)");
    }

    /** The kernel's number of bytes of an ordinary page. */
    public static long pageSize() {
        Matcher line = PAGE_SIZE.matcher(smaps(ProcessHandle.current().pid()));
        if (!line.find()) {
            throw new IllegalStateException("the kernel does not tell the size of a page");
        }
        return Long.parseLong(line.group(1)) * 1024;
    }

    private static String smaps(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "smaps"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long size() {
        return end - start;
    }

    public boolean isInaccessible() {
        return permissions.equals("---p");
    }

    /** Tells whether this is the kernel's own, which no process can look into from outside. */
    public boolean isKernels() {
        return start < 0 || flags.contains("io") || flags.contains("pf");
    }

    /** Tells whether this is protected memory: locked, in no core dump, and empty in a child of the process. */
    public boolean isProtected() {
        return flags.containsAll(Set.of("lo", "dd", "wf"));
    }

    public boolean isLocked() {
        return flags.contains("lo");
    }
}
