package io.securememory;

import org.jspecify.annotations.Nullable;

/**
 * Closes the sessions that ask for it when the virtual machine shuts down. One hook serves all of them, and holds none.
 *
 * <p>It is there for as long as a session needs it: the virtual machine holds it, and with it the class loader of this
 * library, which a container would otherwise never be rid of.
 *
 * <p>Callers hold the lock of {@link LiveSessions}.
 */
final class ShutdownHook {

    private static @Nullable Thread installed;

    private ShutdownHook() {}

    /** Does nothing if it is there, or if the virtual machine is shutting down: whoever opens a session now closes it. */
    static void install() {
        if (installed != null) {
            return;
        }
        Thread hook = new Thread(null, LiveSessions::closeAtShutdown, "securememory-shutdown", 0, false);
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
