package io.securememory.report;

import io.securememory.ProtectionReport.Item;
import java.util.List;
import java.util.Optional;

/**
 * The settings of Linux. Source: core(5), proc_pid_status(5), memfd_secret(2), and the kernel's documentation of Yama,
 * of {@code /sys/power} and of zram. In a container, most of these files are those of its host.
 */
final class LinuxMachine implements Machine {

    private static final String PTRACE = "ptrace-scope";
    private static final String HIBERNATION = "hibernation";
    private static final String CORE_DUMPS = "core-dumps-disabled";
    private static final String CORE_LIMIT = "Max core file size";

    private final KernelFiles files;

    LinuxMachine(KernelFiles files) {
        this.files = files;
    }

    @Override
    public Optional<Item> known(TriedProtection protection) {
        return Optional.empty();
    }

    /** A limit of 1 also stops the dumps that go to a program. It cannot be set where the hard limit is 0. */
    @Override
    public Item coreDumpsDisabled() {
        String lowered = "the limit of core dumps of this process was lowered when the session was opened";
        String pattern = files.text("/proc/sys/kernel/core_pattern").orElse("");
        String limit = coreLimit();
        if (pattern.isEmpty() || limit.isEmpty()) {
            return Items.unknown(
                    CORE_DUMPS,
                    "Not known whether core dumps of this process are made: " + lowered + ", but "
                            + (limit.isEmpty() ? "/proc/self/limits" : "/proc/sys/kernel/core_pattern")
                            + " cannot be read.");
        }
        if (!List.of("0", "1").contains(limit)) {
            return Items.failed(
                    CORE_DUMPS,
                    "Not in force: core dumps of this process may be made: " + lowered
                            + ", but was raised again since (to " + limit
                            + "). See dump-exclusion for whether secrets are in them.",
                    "Find what in this process raises it, or which program (prlimit), and remove that.");
        }
        boolean toProgram = pattern.startsWith("|");
        if (pattern.startsWith("@") || (toProgram && !limit.equals("1"))) {
            return Items.failed(
                    CORE_DUMPS,
                    "Not in force: on this machine the kernel hands core dumps to "
                            + (toProgram ? "a program" : "a socket")
                            + " (core_pattern) in spite of the limit: " + lowered
                            + ". See dump-exclusion for whether secrets are in them.",
                    (toProgram
                                    ? "Raise the hard limit of core dumps to 1 (ulimit -H -c), which stops these too. Or have"
                                    : "Have")
                            + " core dumps written to files: sysctl kernel.core_pattern=core.");
        }
        return Items.active(
                CORE_DUMPS,
                "In force: core dumps of this process are neither written nor handed to a program, as " + lowered
                        + ".");
    }

    /** The soft limit, as /proc/self/limits shows it; empty if that cannot be read. */
    private String coreLimit() {
        return files.text("/proc/self/limits")
                .orElse("")
                .lines()
                .filter(line -> line.startsWith(CORE_LIMIT))
                .map(line -> line.substring(CORE_LIMIT.length()).strip().split(" ", 2)[0])
                .findFirst()
                .orElse("");
    }

    /**
     * Looks for the parameter of the part of the kernel that offers it. It is not tried: a filter of system calls may end
     * a process for a call that it does not expect.
     */
    @Override
    public String secretMemory() {
        if (files.exists("/sys/module/secretmem/parameters/enable")) {
            return "This kernel has such memory (backing memfd-secret); while it is in use, the machine cannot hibernate.";
        }
        return files.exists("/sys/module")
                ? "This kernel has no such memory (memfd_secret)."
                : "Whether this kernel has such memory (memfd_secret) is not shown here.";
    }

    @Override
    public Item debuggers() {
        Optional<String> scope = files.text("/proc/sys/kernel/yama/ptrace_scope");
        if (scope.isEmpty()) {
            return files.exists("/proc/sys/kernel/yama") || !files.exists("/proc/sys/kernel")
                    ? Items.unknown(
                            PTRACE,
                            "Not known who may read the memory of this process: the setting of the kernel"
                                    + " (kernel.yama.ptrace_scope) cannot be read.")
                    : Items.risk(
                            PTRACE,
                            "Every process of the same user may read the memory of this process: this kernel has no rule that"
                                    + " forbids it (Yama).",
                            "Run the application as a user of its own, so that no other process has its user.");
        }
        return debuggers(scope.get());
    }

    private static Item debuggers(String scope) {
        String proof = " (kernel.yama.ptrace_scope is " + scope + ").";
        return switch (scope) {
            case "0" ->
                Items.risk(
                        PTRACE,
                        "Every process of the same user may read the memory of this process" + proof,
                        "Set kernel.yama.ptrace_scope to 1 or more (sysctl, on the host of a container), or run the"
                                + " application as a user of its own.");
            case "1" ->
                Items.active(
                        PTRACE,
                        "In force: of the same user, only the processes that started this one may read its memory; root may"
                                + proof);
            case "2" ->
                Items.active(
                        PTRACE,
                        "In force: only root, and who has CAP_SYS_PTRACE, may read the memory of this process" + proof);
            case "3" ->
                Items.active(
                        PTRACE,
                        "In force: no process may read the memory of this one as a debugger does, not even root"
                                + proof);
            default ->
                Items.unknown(
                        PTRACE,
                        "Not known who may read the memory of this process: kernel.yama.ptrace_scope has a value"
                                + " that this version does not know.");
        };
    }

    @Override
    public Item swap() {
        return LinuxSwap.read(files).item();
    }

    @Override
    public Item hibernation(boolean blocked) {
        if (blocked) {
            return Items.active(
                    HIBERNATION,
                    "In force: the machine cannot hibernate while there are secrets, because of memfd_secret.");
        }
        Optional<String> states = files.text("/sys/power/state");
        if (states.isEmpty()) {
            return Items.unknown(
                    HIBERNATION, "Not known whether this machine can hibernate: /sys/power/state cannot be read.");
        }
        boolean disabled =
                files.text("/sys/power/disk").map("[disabled]"::equals).orElse(false);
        if (disabled || !List.of(states.get().split("\\s+")).contains("disk")) {
            return Items.off(HIBERNATION, "This machine cannot hibernate, which would write all its memory to a disk.");
        }
        return hibernation(LinuxSwap.read(files));
    }

    private static Item hibernation(LinuxSwap swap) {
        if (swap.areas().isEmpty()) {
            return Items.unknown(
                    HIBERNATION,
                    "This machine can hibernate. Where it would write its memory is not known: /proc/swaps cannot be"
                            + " read.");
        }
        if (swap.staysInMemory()) {
            return Items.off(
                    HIBERNATION,
                    "This machine could hibernate, but there is no swap on a disk to write its memory to.");
        }
        return swap.isPlain()
                ? Items.risk(
                        HIBERNATION,
                        "When this machine hibernates, it writes all its memory to swap, locked pages included, and swap is not"
                                + " known to be encrypted.",
                        "Turn hibernation off (systemd: AllowHibernation=no in sleep.conf; kernel option nohibernate), encrypt"
                                + " swap, or use the backing memfd-secret, with which the machine cannot hibernate.")
                : Items.active(
                        HIBERNATION, "In force: when this machine hibernates, it writes its memory to encrypted swap.");
    }

    @Override
    public Item privileges() {
        return files.text("/proc/self/status")
                .flatMap(status -> LinuxPrivileges.of(status, files.text("/proc/self/uid_map")))
                .map(LinuxPrivileges::item)
                .orElseGet(() -> Items.unknown(
                        "capabilities", "Not known which rights this process has: /proc/self/status cannot be read."));
    }
}
