package io.securememory.memguard.internal;

import io.securememory.memcall.internal.LibraryCleaner;
import java.lang.ref.Cleaner;

/** Runs actions when objects become unreachable. For packages that do not use the internals of memory. */
public final class Unreachable {

    private Unreachable() {}

    /**
     * Runs an action when an object has become unreachable, on the cleaner thread of this library.
     *
     * @param object the object that is watched
     * @param action must not refer to the object
     * @return the handle that runs the action at once instead
     */
    public static Cleaner.Cleanable then(Object object, Runnable action) {
        return LibraryCleaner.get().register(object, action);
    }
}
