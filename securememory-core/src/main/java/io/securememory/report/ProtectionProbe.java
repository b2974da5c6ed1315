package io.securememory.report;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.PageEvidence;
import io.securememory.memguard.LockPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the report: tries each protection on new pages, asks the kernel whether it is in force, and reads the settings
 * of the machine and of the JVM that matter for secrets.
 */
public final class ProtectionProbe {

    private final MemCall memCall;
    private final AskedFor asked;
    private final Runnable makeRoom;
    private final Machine machine;
    private final JvmSettings jvm;

    /**
     * Makes a probe of this machine.
     *
     * @param memCall the calls that protect pages
     * @param asked what the session asks for
     * @param makeRoom gives up idle memory, as happens for a new secret at the limit
     */
    public ProtectionProbe(MemCall memCall, AskedFor asked, Runnable makeRoom) {
        this(memCall, asked, makeRoom, Machines.current(), new HotSpotFlags());
    }

    ProtectionProbe(MemCall memCall, AskedFor asked, Runnable makeRoom, Machine machine, JvmFlags flags) {
        this.memCall = memCall;
        this.asked = asked;
        this.makeRoom = makeRoom;
        this.machine = machine;
        this.jvm = new JvmSettings(flags);
    }

    /**
     * Makes the report. Throws nothing for what the operating system refuses or does not tell.
     *
     * @return the report
     */
    public ProtectionReport run() {
        PageTrial trial = new PageTrial(memCall, asked, makeRoom);
        trial.run();
        List<Item> items = new ArrayList<>();
        items.add(item(TriedProtection.MEMORY_LOCK, trial));
        items.add(item(TriedProtection.DUMP_EXCLUSION, trial));
        items.add(item(TriedProtection.FORK_EXCLUSION, trial));
        items.add(item(TriedProtection.GUARD_PAGES, trial));
        items.add(item(TriedProtection.NO_ACCESS_AT_REST, trial));
        items.add(Items.orUnknown("core-dumps-disabled", this::coreDumps));
        items.add(Items.orUnknown(TriedProtection.HIDDEN.label(), () -> secretMemory(trial)));
        items.add(Items.orUnknown("ptrace-scope", machine::debuggers));
        items.add(Items.orUnknown("swap", machine::swap));
        items.add(Items.orUnknown("hibernation", () -> machine.hibernation(asked.hides())));
        items.add(Items.orUnknown("attach", jvm::attach));
        items.add(Items.orUnknown("heap-dump-on-oom", jvm::heapDump));
        items.add(Items.orUnknown("capabilities", machine::privileges));
        return new ProtectionReport(items, trial.page().map(PageEvidence::flags).orElse(""));
    }

    private Item item(TriedProtection protection, PageTrial trial) {
        if (MemCalls.isOrdinaryMemory(memCall)) {
            return protection.impossible();
        }
        if (protection == TriedProtection.MEMORY_LOCK && !asked.locks()) {
            return Items.off(
                    protection.label(),
                    "Not asked for: the lock policy is off. Pages with secrets may be written to swap.");
        }
        if (protection == TriedProtection.DUMP_EXCLUSION && !memCall.excludesFromDumps()) {
            return dumpsOfWholeProcess();
        }
        if (protection == TriedProtection.MEMORY_LOCK
                && asked.hides()
                && trial.failure(protection).isEmpty()) {
            return protection.byHiding(trial.shown(protection));
        }
        if (protection == TriedProtection.NO_ACCESS_AT_REST && asked.locks() && !memCall.locksPagesWithoutAccess()) {
            return protection.givenUpForTheLock();
        }
        return machine.known(protection)
                .orElseGet(() -> trial.failure(protection)
                        .map(failure -> protection.failed(failure, asked))
                        .orElseGet(() -> protection.accepted(trial.shown(protection))));
    }

    private Item dumpsOfWholeProcess() {
        String name = TriedProtection.DUMP_EXCLUSION.label();
        String reason = "This operating system cannot keep single pages out of core dumps";
        return asked.noCoreDumps() && coreDumps().state() == ProtectionReport.State.ACTIVE
                ? Items.active(
                        name,
                        "In force: " + reason.replace("This", "this")
                                + ", but core dumps of the whole process are disabled, see core-dumps-disabled.")
                : Items.failed(
                        name,
                        "Not in force: core dumps of this process contain secrets. " + reason + ".",
                        asked.noCoreDumps()
                                ? "See core-dumps-disabled, which is not in force."
                                : "Disable core dumps of the whole process: securememory.core-dumps=disable-process in Spring Boot,"
                                        + " coreDumps(CoreDumps.DISABLE_PROCESS) of SecureMemoryOptions in plain Java.");
    }

    private Item coreDumps() {
        if (asked.noCoreDumps()) {
            return machine.jvmWritesDumps()
                    ? jvm.dumpsDisabled(machine::coreDumpsDisabled)
                    : machine.coreDumpsDisabled();
        }
        return Items.off(
                "core-dumps-disabled",
                "Not asked for: core dumps of this process may be written. See dump-exclusion for whether secrets are in"
                        + " them.");
    }

    private Item secretMemory(PageTrial trial) {
        TriedProtection hidden = TriedProtection.HIDDEN;
        return switch (asked.secretMemory()) {
            case NOT_ASKED_FOR ->
                Items.off(
                        hidden.label(),
                        "Not asked for: root can read the pages with secrets. " + machine.secretMemory());
            case REFUSED -> hidden.refused("The operating system refused such memory when the session was opened.");
            case IN_USE ->
                asked.lockPolicy() == LockPolicy.OFF
                        ? hidden.refused("Such pages are always locked, and the lock policy is off.")
                        : item(hidden, trial);
        };
    }
}
