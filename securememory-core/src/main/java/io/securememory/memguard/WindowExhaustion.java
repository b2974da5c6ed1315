package io.securememory.memguard;

/** What an access to a sealed secret does when every window is in use. */
public enum WindowExhaustion {
    /** Makes another window. At the lock limit it waits. */
    GROW,
    /**
     * Waits for a window, for at most the close timeout. An access inside another one makes another window instead, as
     * it could wait for itself.
     */
    WAIT
}
