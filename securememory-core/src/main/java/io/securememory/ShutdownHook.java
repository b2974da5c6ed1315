package io.securememory;

import org.jspecify.annotations.Nullable;

/**
 * Runs an action when the JVM shuts down. There is one hook for all sessions, and it refers to none of them.
 *
 * <p>The hook is installed only while a session needs it: the JVM refers to the hook, and thereby to the class loader
 * of this library, which a container could otherwise never unload.
 *
 * <p><b>Threading.</b> Not safe for use by several threads: callers hold a lock.
 */
final class ShutdownHook {

    private static @Nullable Thread installed;

    private ShutdownHook() {}

    /**
     * Installs the hook, unless it is installed already. Does nothing if the JVM is shutting down: a session that is
     * opened then must be closed by its user.
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

    /** Removes the hook, if it is installed. While the JVM is shutting down it stays installed, and does nothing. */
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
