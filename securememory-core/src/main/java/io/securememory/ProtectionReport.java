package io.securememory;

import java.util.List;

/**
 * What this machine really gives, tried on a page of its own and, on Linux, read back from the kernel. In words that ask for no
 * knowledge of the kernel.
 *
 * @param items one for each protection
 * @param kernelFlags what the kernel itself shows of the page, in its own words: on Linux as in the VmFlags line of
 *     proc_pid_smaps(5), for example {@code mr mw me lo ac wf dd}; empty where it shows nothing
 */
public record ProtectionReport(List<Item> items, String kernelFlags) {

    /** Whether a protection is in force. */
    public enum State {
        /** In force, and confirmed. */
        ACTIVE,
        /** Asked for, but not to be had. */
        FAILED,
        /** Not asked for. */
        OFF
    }

    /**
     * One protection.
     *
     * @param name for example {@code memory-lock}
     * @param state whether it is in force
     * @param detail sentences that say what this means for secrets, how it was found out, or why it failed
     * @param remedy sentences that say what to do about one that failed; empty if nothing is to be done
     */
    public record Item(String name, State state, String detail, String remedy) {}

    /** Copies the list. */
    public ProtectionReport {
        items = List.copyOf(items);
    }

    /**
     * Tells whether everything that is asked for is in force.
     *
     * @return false if an item failed
     */
    public boolean isComplete() {
        return items.stream().noneMatch(item -> item.state() == State.FAILED);
    }
}
