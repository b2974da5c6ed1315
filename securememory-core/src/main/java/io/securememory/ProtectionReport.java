package io.securememory;

import java.util.List;

/**
 * What this machine really gives, tried on a page of its own and, on Linux, read back from the kernel.
 *
 * @param items one for each protection
 */
public record ProtectionReport(List<Item> items) {

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
     * @param detail how this was found out, or why it failed
     */
    public record Item(String name, State state, String detail) {}

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
