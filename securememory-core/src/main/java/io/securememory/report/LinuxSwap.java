package io.securememory.report;

import io.securememory.ProtectionReport.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the kernel writes pages that it needs for something else. Source: proc_swaps(5), the kernel's documentation of
 * zram, device-mapper and control groups.
 *
 * @param areas what is known of each area; empty if the list of areas cannot be read
 * @param forbidden whether the control group of this process may use no swap
 */
record LinuxSwap(Optional<List<Area>> areas, boolean forbidden) {

    private static final String NAME = "swap";
    private static final String COPIES =
            "Locked pages stay out of it, see memory-lock. What the application copies to the" + " heap does not.";

    /** Where an area keeps what is written to it. */
    enum Area {
        /** In memory, compressed. */
        IN_MEMORY,
        /** On a disk, encrypted. */
        ENCRYPTED,
        /** In a file or on a disk that is not known to be encrypted. */
        PLAIN
    }

    static LinuxSwap read(KernelFiles files) {
        return new LinuxSwap(files.text("/proc/swaps").map(text -> areas(text, files)), isForbidden(files));
    }

    /** Reads the list of areas: a heading, and then a line for each area, which begins with its path. */
    private static List<Area> areas(String swaps, KernelFiles files) {
        List<Area> areas = new ArrayList<>();
        swaps.lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .forEach(line -> areas.add(area(line.strip().split("\\s+", 2)[0], files)));
        return areas;
    }

    private static Area area(String path, KernelFiles files) {
        String device = path.substring(path.lastIndexOf('/') + 1);
        if (!path.startsWith("/dev/")) {
            return Area.PLAIN;
        }
        if (device.matches("zram\\d+")) {
            String disk = files.text("/sys/block/" + device + "/backing_dev").orElse("none");
            return disk.equals("none") ? Area.IN_MEMORY : Area.PLAIN;
        }
        boolean encrypted = device.matches("dm-\\d+")
                && files.text("/sys/block/" + device + "/dm/uuid")
                        .filter(uuid -> uuid.startsWith("CRYPT-"))
                        .isPresent();
        return encrypted ? Area.ENCRYPTED : Area.PLAIN;
    }

    /** Of a group and all groups above it, the smallest limit counts. */
    private static boolean isForbidden(KernelFiles files) {
        return files.text("/proc/self/cgroup")
                .flatMap(LinuxSwap::unifiedGroup)
                .map(group -> groupAndAbove(group)
                        .anyMatch(one -> files.text("/sys/fs/cgroup" + one + "/memory.swap.max")
                                .filter("0"::equals)
                                .isPresent()))
                .orElse(false);
    }

    /** Returns the path in the unified hierarchy; empty if the process is in a group that this container cannot see. */
    private static Optional<String> unifiedGroup(String cgroup) {
        return cgroup.lines()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> line.substring("0::".length()))
                .filter(path -> !path.contains("/.."))
                .findFirst();
    }

    private static Stream<String> groupAndAbove(String group) {
        return Stream.iterate(
                group.equals("/") ? "" : group, path -> path != null, path -> path.isEmpty() ? null : parent(path));
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private boolean all(Area kind) {
        return areas.stream().flatMap(List::stream).allMatch(kind::equals);
    }

    private boolean any(Area kind) {
        return areas.stream().flatMap(List::stream).anyMatch(kind::equals);
    }

    /** Whether nothing that is written to swap leaves the memory. */
    boolean staysInMemory() {
        return areas.isPresent() && all(Area.IN_MEMORY);
    }

    /** Whether something can be written to swap that is not known to be encrypted. */
    boolean isPlain() {
        return any(Area.PLAIN);
    }

    Item item() {
        if (areas.isEmpty()) {
            return Items.unknown(NAME, "Not known whether swap is on: /proc/swaps cannot be read. " + COPIES);
        }
        if (areas.get().isEmpty()) {
            return Items.off(NAME, "Swap is off: no memory of this process is written to a disk to make room.");
        }
        if (forbidden) {
            return Items.off(
                    NAME,
                    "Swap is on, but the control group of this process, its container for example, may use none.");
        }
        if (staysInMemory()) {
            return Items.off(NAME, "Swap is compressed memory only (zram): nothing is written to a disk.");
        }
        return isPlain()
                ? Items.risk(
                        NAME,
                        "Swap is on, and not known to be encrypted: memory of this process may be written to a disk. "
                                + COPIES,
                        "Turn swap off (swapoff -a, and its line in /etc/fstab), encrypt it, or let the container use none"
                                + " (memory.swap.max=0; Docker: --memory-swap of the same value as --memory).")
                : Items.active(NAME, "In force: swap is on, and what is written to a disk is encrypted (dm-crypt).");
    }
}
