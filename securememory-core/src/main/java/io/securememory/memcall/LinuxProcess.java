package io.securememory.memcall;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Information of the kernel about this process. Source: proc_pid_status(5), proc_pid_smaps(5), proc_sys_vm(5),
 * capabilities(7).
 */
final class LinuxProcess {

    private static final Path SELF = Path.of("/proc/self");
    private static final Path MAX_MAP_COUNT = Path.of("/proc/sys/vm/max_map_count");
    private static final int CAP_IPC_LOCK = 14;
    private static final String ALL_USERS = "0 0 4294967295";

    private LinuxProcess() {}

    /**
     * Tells whether CAP_IPC_LOCK is effective and valid for mlock, which accepts it only in the initial user
     * namespace.
     */
    static boolean mayLockWithoutLimit() {
        boolean capable = statusValue("CapEff")
                .map(mask -> (Long.parseUnsignedLong(mask, 16) >>> CAP_IPC_LOCK & 1) == 1)
                .orElse(false);
        return capable && inInitialUserNamespace();
    }

    /** Returns the number of bytes that this process has locked, or -1 if it is not known. */
    static long lockedBytes() {
        return statusValue("VmLck")
                .map(value -> Long.parseLong(value.replace("kB", "").trim()) * 1024)
                .orElse(-1L);
    }

    /** Returns the maximum number of mappings of a process, or -1 if it is not known. */
    static long mappingLimit() {
        byte[] text = new byte[Long.SIZE];
        try (InputStream file = Files.newInputStream(MAX_MAP_COUNT)) {
            // One read call only: the kernel returns the content of such a file to the first call, even if that reads
            // only a part.
            int length = Math.max(0, file.read(text));
            return Long.parseLong(new String(text, 0, length, StandardCharsets.US_ASCII).trim());
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    /**
     * Returns the number of mappings of this process, or -1 if it is not known. Creates no object for each mapping,
     * because there may be many.
     */
    static long mappings() {
        byte[] chunk = new byte[1 << 16];
        long lines = 0;
        try (InputStream maps = Files.newInputStream(SELF.resolve("maps"))) {
            for (int count = maps.read(chunk); count >= 0; count = maps.read(chunk)) {
                for (int i = 0; i < count; i++) {
                    lines += chunk[i] == '\n' ? 1 : 0;
                }
            }
            return lines;
        } catch (IOException e) {
            return -1;
        }
    }

    /**
     * Returns the flags of the mapping that contains an address, for example {@code lo}, {@code dd}; empty if they are
     * not known.
     */
    static Optional<Set<String>> mappingFlags(long address) {
        boolean inside = false;
        for (String line : lines("smaps")) {
            if (line.startsWith("VmFlags:") && inside) {
                return Optional.of(new LinkedHashSet<>(
                        List.of(line.substring("VmFlags:".length()).trim().split(" "))));
            }
            int dash = line.indexOf('-');
            int space = line.indexOf(' ');
            if (dash > 0 && dash < space) {
                long start = Long.parseUnsignedLong(line.substring(0, dash), 16);
                long end = Long.parseUnsignedLong(line.substring(dash + 1, space), 16);
                inside = Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
            }
        }
        return Optional.empty();
    }

    private static boolean inInitialUserNamespace() {
        List<String> map = lines("uid_map");
        return map.isEmpty() || map.get(0).trim().replaceAll("\\s+", " ").equals(ALL_USERS);
    }

    private static Optional<String> statusValue(String key) {
        return lines("status").stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).trim())
                .findFirst();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(SELF.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
