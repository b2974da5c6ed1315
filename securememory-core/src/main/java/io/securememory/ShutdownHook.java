package io.securememory;

import org.jspecify.annotations.Nullable;

/**
 * Runs an action when the virtual machine shuts down. One hook serves all sessions that ask for it, and holds none.
 *
 * <p>It is there for as long as a session needs it: the virtual machine holds it, and with it the class loader of this
 * library, which a container would otherwise never be rid of.
 *
 * <p>Threading: callers serialize.
 */
final class ShutdownHook {

    private static @Nullable Thread installed;

    private ShutdownHook() {}

    /**
     * Does nothing if it is there, or if the virtual machine is shutting down: whoever opens a session now closes it.
     *
     * @param action must not refer to a session
     */
    static void install(Runnable action) {
        if (installed != null) {
            return;
        }
        Thread hook = new Thread(null, action, "securememory-shutdown", 0, false);
        hook.setContextClassLoader(null);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            installed = hook;
        } catch (IllegalStateException e) {
            installed = null;
        }
    }

    /** Does nothing if it is not there. While the virtual machine is shutting down it stays, and finds nothing to do. */
    static void remove() {
        Thread hook = installed;
        installed = null;
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                installed = hook;
            }
        }
    }
}
