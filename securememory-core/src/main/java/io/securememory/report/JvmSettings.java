package io.securememory.report;

import io.securememory.ProtectionReport.Item;
import java.util.Optional;
import java.util.function.Supplier;

/** The options of the JVM that decide how others get at its memory and at copies of its heap. */
final class JvmSettings {

    private static final String ATTACH = "attach";
    private static final String HEAP_DUMP = "heap-dump-on-oom";
    private static final String NOT_TOLD =
            "this Java does not tell its options; the module jdk.management may be missing (--add-modules jdk.management).";

    private final JvmFlags flags;

    JvmSettings(JvmFlags flags) {
        this.flags = flags;
    }

    private Optional<Boolean> isSet(String flag) {
        return flags.value(flag).map(Boolean::parseBoolean);
    }

    /**
     * Returns the item {@code core-dumps-disabled} where HotSpot itself writes a dump with all memory when it crashes.
     *
     * @param otherwise the item if it does not
     */
    Item dumpsDisabled(Supplier<Item> otherwise) {
        Optional<Boolean> written = isSet("CreateCoredumpOnCrash");
        if (written.isPresent() && !written.get()) {
            return otherwise.get();
        }
        return Items.failed(
                "core-dumps-disabled",
                "Not in force: the JVM itself may write a dump with all its memory when it crashes (hs_err_pid*.mdmp), with the"
                        + " secrets. Only the reports of the operating system are off.",
                "Start Java with -XX:-CreateCoredumpOnCrash.");
    }

    /** Returns whether another process may connect to this JVM with the tools of the JDK. */
    Item attach() {
        Optional<Boolean> refused = isSet("DisableAttachMechanism");
        if (refused.isEmpty()) {
            return Items.unknown(ATTACH, "Not known whether other processes can attach to this JVM: " + NOT_TOLD);
        }
        if (refused.get()) {
            return Items.active(
                    ATTACH,
                    "In force: the JDK's mechanism to attach to this JVM, load code into it and dump its heap is off. Whether"
                            + " options of Java opened it to debuggers (jdwp) or remote management is not looked at.");
        }
        // Unknown counts as on, which is the default of every Java so far.
        boolean agents = isSet("EnableDynamicAgentLoading").orElse(true);
        return Items.risk(
                ATTACH,
                "Root and processes of the same user can attach to this JVM, dump its heap"
                        + (agents
                                ? ", and load code into it that can read secrets."
                                : ", and start its remote management. They cannot load agents into it."),
                "Start Java with -XX:+DisableAttachMechanism. The JDK's own tools (jcmd, jstack) and profilers that attach"
                        + " then no longer work on it.");
    }

    /** Returns whether the JVM writes its heap to a file when it runs out of memory. */
    Item heapDump() {
        Optional<Boolean> written = isSet("HeapDumpOnOutOfMemoryError");
        if (written.isEmpty()) {
            return Items.unknown(
                    HEAP_DUMP, "Not known whether the JVM dumps its heap when it runs out of memory: " + NOT_TOLD);
        }
        return written.get()
                ? Items.risk(
                        HEAP_DUMP,
                        "The JVM writes a heap dump when it runs out of memory. No secret that rests in Secure Memory is in it,"
                                + " but everything is that the application copied to the heap.",
                        "Start Java with -XX:-HeapDumpOnOutOfMemoryError, or set -XX:HeapDumpPath to an encrypted directory"
                                + " that only this user may read.")
                : Items.off(HEAP_DUMP, "The JVM writes no heap dump when it runs out of memory.");
    }
}
