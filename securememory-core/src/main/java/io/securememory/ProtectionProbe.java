package io.securememory;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.Protection;
import io.securememory.memguard.LockPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tries each protection on a fresh page and asks the kernel whether it took. */
final class ProtectionProbe {

    private final MemCall memCall;
    private final SecureMemoryOptions options;
    private final List<Item> items = new ArrayList<>();

    ProtectionProbe(MemCall memCall, SecureMemoryOptions options) {
        this.memCall = memCall;
        this.options = options;
    }

    ProtectionReport run() {
        MemoryRegion page = memCall.allocate(memCall.pageSize());
        try {
            protect(page);
            confirm(MemCalls.kernelFlags(page));
        } finally {
            memCall.free(page);
        }
        boolean noDumps = options.coreDumps() == CoreDumps.DISABLE_PROCESS;
        items.add(new Item(
                "core-dumps-disabled",
                noDumps ? State.ACTIVE : State.OFF,
                noDumps ? "soft limit 0 for the process" : "pages are excluded one by one"));
        return new ProtectionReport(items);
    }

    private void protect(MemoryRegion page) {
        if (options.lockPolicy() == LockPolicy.OFF) {
            items.add(new Item("memory-lock", State.OFF, "policy off"));
        } else {
            tryOn("memory-lock", () -> memCall.lock(page));
        }
        tryOn("dump-exclusion", () -> memCall.excludeFromDumps(page));
        tryOn("fork-exclusion", () -> memCall.excludeFromFork(page));
        tryOn("no-access-at-rest", () -> memCall.protect(page, Protection.NO_ACCESS));
    }

    private void tryOn(String name, Runnable step) {
        try {
            step.run();
            items.add(new Item(name, State.ACTIVE, ""));
        } catch (SecureMemoryException e) {
            items.add(new Item(name, State.FAILED, String.valueOf(e.getMessage())));
        }
    }

    /** Once for all, because the kernel makes a list of all mappings for it. */
    private void confirm(Optional<Set<String>> flags) {
        items.replaceAll(item -> item.state() == State.ACTIVE ? confirmed(item.name(), flags) : item);
    }

    private static Item confirmed(String name, Optional<Set<String>> flags) {
        if (flags.isEmpty()) {
            return new Item(name, State.ACTIVE, "the call succeeded; the kernel's view of it is not readable");
        }
        String shown = String.join(" ", flags.get());
        return isShown(name, flags.get())
                ? new Item(name, State.ACTIVE, "confirmed by the kernel: " + shown)
                : new Item(name, State.FAILED, "the call succeeded, but the kernel shows " + shown);
    }

    private static boolean isShown(String name, Set<String> flags) {
        return switch (name) {
            case "memory-lock" -> flags.contains("lo");
            case "dump-exclusion" -> flags.contains("dd");
            case "fork-exclusion" -> flags.contains("wf") || flags.contains("dc");
            default -> !flags.contains("rd") && !flags.contains("wr");
        };
    }
}
