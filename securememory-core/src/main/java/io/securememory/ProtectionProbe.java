package io.securememory;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.PageEvidence;
import io.securememory.memcall.Protection;
import io.securememory.memguard.LockPolicy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tries each protection on a new page and asks the kernel whether it is in force. */
final class ProtectionProbe {

    private final MemCall memCall;
    private final SecureMemoryOptions options;
    private final Runnable makeRoom;
    private final Map<TriedProtection, SecureMemoryException> failures = new EnumMap<>(TriedProtection.class);

    /** @param makeRoom gives up idle memory, as happens for a new secret at the limit */
    ProtectionProbe(MemCall memCall, SecureMemoryOptions options, Runnable makeRoom) {
        this.memCall = memCall;
        this.options = options;
        this.makeRoom = makeRoom;
    }

    ProtectionReport run() {
        MemoryRegion page;
        try {
            page = memCall.allocate(memCall.pageSize());
        } catch (SecureMemoryException e) {
            for (TriedProtection each : TriedProtection.values()) {
                failures.put(each, e);
            }
            return report(Optional.empty());
        }
        try {
            protect(page);
            // Once for all protections: the kernel lists all mappings of the process for it, which takes long.
            return report(MemCalls.evidence(page));
        } finally {
            memCall.free(page);
        }
    }

    private boolean locks() {
        return options.lockPolicy() != LockPolicy.OFF;
    }

    private void protect(MemoryRegion page) {
        if (locks()) {
            tryOn(TriedProtection.MEMORY_LOCK, () -> lock(page));
        }
        tryOn(TriedProtection.DUMP_EXCLUSION, () -> memCall.excludeFromDumps(page));
        tryOn(TriedProtection.FORK_EXCLUSION, () -> memCall.excludeFromFork(page));
        tryOn(TriedProtection.NO_ACCESS_AT_REST, () -> memCall.protect(page, Protection.NO_ACCESS));
    }

    private void lock(MemoryRegion page) {
        try {
            memCall.lock(page);
        } catch (MemoryLimitException e) {
            makeRoom.run();
            memCall.lock(page);
        }
    }

    private void tryOn(TriedProtection protection, Runnable step) {
        try {
            step.run();
        } catch (SecureMemoryException e) {
            failures.put(protection, e);
        }
    }

    private ProtectionReport report(Optional<PageEvidence> shown) {
        List<Item> items = new ArrayList<>();
        for (TriedProtection protection : TriedProtection.values()) {
            items.add(item(protection, shown));
        }
        items.add(coreDumps());
        return new ProtectionReport(items, shown.map(PageEvidence::flags).orElse(""));
    }

    private Item item(TriedProtection protection, Optional<PageEvidence> shown) {
        if (protection == TriedProtection.MEMORY_LOCK && !locks()) {
            return new Item(
                    protection.label(),
                    State.OFF,
                    "Not asked for: the lock policy is off. Pages with secrets may be written to swap.",
                    "");
        }
        SecureMemoryException failure = failures.get(protection);
        return failure == null ? protection.accepted(shown) : protection.failed(failure, options.lockPolicy());
    }

    private Item coreDumps() {
        return options.coreDumps() == CoreDumps.DISABLE_PROCESS
                ? new Item(
                        "core-dumps-disabled",
                        State.ACTIVE,
                        "In force: the limit of core dumps of this process was set to 0 when the session was opened.",
                        "")
                : new Item(
                        "core-dumps-disabled",
                        State.OFF,
                        "Not asked for: core dumps of this process may be written. See dump-exclusion for whether"
                                + " secrets are in them.",
                        "");
    }
}
