package io.securememory;

import java.util.List;

/**
 * Which protections are in force on this machine, and which settings of the machine and of the JVM matter for secrets.
 * The protections were tried on new pages and, on Linux, read back from the kernel. The settings were read where the
 * operating system shows them without a call to native code. The texts can be understood without knowledge of the
 * kernel.
 *
 * <p>The items are {@code memory-lock}, {@code dump-exclusion}, {@code fork-exclusion}, {@code guard-pages}, {@code
 * no-access-at-rest}, {@code core-dumps-disabled} and {@code memfd-secret}, which this library applies, and {@code
 * ptrace-scope}, {@code swap}, {@code hibernation}, {@code attach}, {@code heap-dump-on-oom} and {@code capabilities},
 * which it only looks at.
 *
 * @param items one for each protection and each setting, always the same ones in the same order
 * @param kernelFlags what the kernel itself shows of the page, in its own words: on Linux as in the VmFlags line of
 *     proc_pid_smaps(5), for example {@code mr mw me lo ac wf dd}; empty if it shows nothing
 */
public record ProtectionReport(List<Item> items, String kernelFlags) {

    /** What was found out of a protection or a setting. */
    public enum State {
        /** The protection is in force. The detail says whether the kernel confirms it. */
        ACTIVE,
        /** The protection was asked for, but is not in force. */
        FAILED,
        /**
         * A protection that was not asked for; or something that would make secrets easier to reach, and is not in use
         * here, such as swap.
         */
        OFF,
        /**
         * A setting of the machine or of the JVM, which this library does not control, makes secrets easier to reach. The
         * remedy says how to change it. A risk does not make the report incomplete.
         */
        RISK,
        /** It cannot be found out here. */
        UNKNOWN
    }

    /**
     * One protection or one setting.
     *
     * @param name for example {@code memory-lock}
     * @param state what was found out
     * @param detail sentences that say what this means for secrets, and how it was found out or why it failed
     * @param remedy sentences that say what to do about a protection that failed or a risk; empty if nothing is to be
     *     done
     */
    public record Item(String name, State state, String detail, String remedy) {}

    /** Copies the list. */
    public ProtectionReport {
        items = List.copyOf(items);
    }

    /**
     * Tells whether all protections that were asked for are in force. Risks and what is unknown do not count.
     *
     * @return false if an item failed
     */
    public boolean isComplete() {
        return items.stream().noneMatch(item -> item.state() == State.FAILED);
    }
}
