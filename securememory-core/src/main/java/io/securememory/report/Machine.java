package io.securememory.report;

import io.securememory.ProtectionReport.Item;
import java.util.Optional;

/**
 * What the operating system tells, without a call to native code, about who else can reach the memory of this process.
 * Each item says in its text how it was found out.
 */
interface Machine {

    /** Returns what is known of a protection without trying it; empty if it has to be tried. */
    Optional<Item> known(TriedProtection protection);

    /** Tells whether the JVM itself writes the dump of a crash, which no setting of the process stops. */
    default boolean jvmWritesDumps() {
        return false;
    }

    /** Returns the item {@code core-dumps-disabled} of a session that disabled the core dumps of this process. */
    Item coreDumpsDisabled();

    /** Returns a sentence that says whether pages can be hidden from the kernel here. Does not try it. */
    String secretMemory();

    /** Returns the item {@code ptrace-scope}: who may read the memory of this process as a debugger does. */
    Item debuggers();

    /** Returns the item {@code swap}. */
    Item swap();

    /**
     * Returns the item {@code hibernation}: whether the machine can write all memory to a disk.
     *
     * @param blocked whether pages that are hidden from the kernel keep the machine from doing so
     */
    Item hibernation(boolean blocked);

    /** Returns the item {@code capabilities}: what this process may do that others may not. */
    Item privileges();
}
