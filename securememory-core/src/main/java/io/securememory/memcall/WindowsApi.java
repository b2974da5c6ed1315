package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/** One way to call Windows' functions. They take integers and addresses, each in a machine word. */
interface WindowsApi extends NativeMemory {

    /** Finds a function of a library; null if this Windows does not have it. */
    @Nullable
    NamedFunction find(String library, String function);

    /** The error number of this thread's last call, as GetLastError says it. Valid only if that call failed. */
    int lastError();

    /** Tells where a function is. */
    interface Addresses {

        /** Returns the address of a function, or 0 if this Windows does not have it. */
        long of(String library, String function);
    }
}
