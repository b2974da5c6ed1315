package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/**
 * Advice for an operator about a call that failed. Each operating system has its own, which names that system's
 * settings.
 */
interface Advice {

    /**
     * Returns advice for a call, in whole sentences.
     *
     * @param error what the error number means, or null if that is not known
     */
    String onCall(String operation, @Nullable Errno error);

    /** Returns advice for a call that failed to lock memory although the limit of locked memory is not reached. */
    String onLock(String operation, @Nullable Errno error);

    /** Returns advice for a lock that would exceed the limit of locked memory. */
    String onLockLimit();
}
