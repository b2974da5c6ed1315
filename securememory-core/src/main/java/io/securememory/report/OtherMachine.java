package io.securememory.report;

import io.securememory.ProtectionReport.Item;
import java.util.Optional;

/** A machine whose settings are not read: tells what is generally so on its operating system. */
class OtherMachine implements Machine {

    private static final String NOT_CHECKED = " This was not checked on this machine.";

    private final OtherSystem system;

    OtherMachine(OtherSystem system) {
        this.system = system;
    }

    @Override
    public Optional<Item> known(TriedProtection protection) {
        return protection == TriedProtection.FORK_EXCLUSION && !system.hasForks()
                ? Optional.of(Items.active(
                        protection.label(),
                        "In force: this operating system has no fork, so that no process gets a copy of secrets."))
                : Optional.empty();
    }

    @Override
    public boolean jvmWritesDumps() {
        return system == OtherSystem.WINDOWS;
    }

    @Override
    public Item coreDumpsDisabled() {
        return Items.active(
                "core-dumps-disabled",
                "In force: core dumps of this process were disabled when the session was opened.");
    }

    @Override
    public String secretMemory() {
        return "Only Linux has such memory (memfd_secret).";
    }

    @Override
    public Item debuggers() {
        return Items.unknown("ptrace-scope", system.debuggers() + NOT_CHECKED);
    }

    @Override
    public Item swap() {
        return Items.unknown(
                "swap",
                system.swap() + NOT_CHECKED
                        + " Locked pages stay out of swap, see memory-lock. What the application copies to"
                        + " the heap does not.");
    }

    @Override
    public Item hibernation(boolean blocked) {
        return Items.unknown("hibernation", system.hibernation() + NOT_CHECKED);
    }

    @Override
    public Item privileges() {
        return Items.unknown(
                "capabilities",
                "Not known whether this process has the rights of root or of an administrator. If it does not need them, run it"
                        + " as a user of its own.");
    }
}
