package io.securememory;

import java.util.List;

/**
 * Which protections are in force on this machine. They were tried on a new page and, on Linux, read back from the
 * kernel. The texts can be understood without knowledge of the kernel.
 *
 * @param items one for each protection
 * @param kernelFlags what the kernel itself shows of the page, in its own words: on Linux as in the VmFlags line of
 *     proc_pid_smaps(5), for example {@code mr mw me lo ac wf dd}; empty if it shows nothing
 */
public record ProtectionReport(List<Item> items, String kernelFlags) {

    /** Whether a protection is in force. */
    public enum State {
        /** In force. The detail says whether the kernel confirms it. */
        ACTIVE,
        /** Asked for, but not in force. */
        FAILED,
        /** Not asked for. */
        OFF
    }

    /**
     * One protection.
     *
     * @param name for example {@code memory-lock}
     * @param state whether it is in force
     * @param detail sentences that say what this means for secrets, and how it was found out or why it failed
     * @param remedy sentences that say what to do about one that failed; empty if nothing is to be done
     */
    public record Item(String name, State state, String detail, String remedy) {}

    /** Copies the list. */
    public ProtectionReport {
        items = List.copyOf(items);
    }

    /**
     * Tells whether all protections that were asked for are in force.
     *
     * @return false if an item failed
     */
    public boolean isComplete() {
        return items.stream().noneMatch(item -> item.state() == State.FAILED);
    }
}
