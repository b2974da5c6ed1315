package io.securememory.memguard.internal;

import io.securememory.memcall.internal.LibraryCleaner;
import java.lang.ref.Cleaner;

/** What follows when an object becomes unreachable, for layers that do not know the internals of memory. */
public final class Unreachable {

    private Unreachable() {}

    /**
     * Runs an action when an object has become unreachable, on the library's thread for that.
     *
     * @param object what is watched
     * @param action must not refer to it
     * @return what runs the action at once instead
     */
    public static Cleaner.Cleanable then(Object object, Runnable action) {
        return LibraryCleaner.get().register(object, action);
    }
}
