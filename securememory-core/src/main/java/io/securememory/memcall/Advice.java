package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/** What an operator of one system can do about a call that failed. Names that system's settings. */
interface Advice {

    /**
     * Returns sentences for a call.
     *
     * @param error what the error number means, or null if that is not known
     */
    String onCall(String operation, @Nullable Errno error);

    /** Returns sentences for a call that was to lock memory, when no limit of locked memory is reached. */
    String onLock(String operation, @Nullable Errno error);
}
