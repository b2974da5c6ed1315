package io.securememory.memguard;

/** What an access to a sealed secret does when every window is in use. */
public enum WindowExhaustion {
    /** Makes another window, within the lock limit; at the limit it waits. */
    GROW,
    /** Waits for one, at most for the close timeout. An access inside another one grows, as it would wait for itself. */
    WAIT
}
