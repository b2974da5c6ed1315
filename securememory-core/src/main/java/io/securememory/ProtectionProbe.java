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
            if (options.lockPolicy() == LockPolicy.OFF) {
                items.add(new Item("memory-lock", State.OFF, "policy off"));
            } else {
                tryOn(page, "memory-lock", () -> memCall.lock(page), flags -> flags.contains("lo"));
            }
            tryOn(page, "dump-exclusion", () -> memCall.excludeFromDumps(page), flags -> flags.contains("dd"));
            tryOn(
                    page,
                    "fork-exclusion",
                    () -> memCall.excludeFromFork(page),
                    flags -> flags.contains("wf") || flags.contains("dc"));
            tryOn(
                    page,
                    "no-access-at-rest",
                    () -> memCall.protect(page, Protection.NO_ACCESS),
                    flags -> !flags.contains("rd") && !flags.contains("wr"));
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

    private void tryOn(
            MemoryRegion page, String name, Runnable step, java.util.function.Predicate<Set<String>> confirmed) {
        try {
            step.run();
        } catch (SecureMemoryException e) {
            items.add(new Item(name, State.FAILED, String.valueOf(e.getMessage())));
            return;
        }
        Optional<Set<String>> flags = MemCalls.kernelFlags(page);
        if (flags.isEmpty()) {
            items.add(new Item(name, State.ACTIVE, "the call succeeded; the kernel's view of it is not readable"));
        } else if (confirmed.test(flags.get())) {
            items.add(new Item(name, State.ACTIVE, "confirmed by the kernel: " + String.join(" ", flags.get())));
        } else {
            items.add(new Item(
                    name, State.FAILED, "the call succeeded, but the kernel shows " + String.join(" ", flags.get())));
        }
    }
}
