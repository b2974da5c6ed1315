package io.securememory;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes the sessions that ask for it when the virtual machine shuts down. One hook serves all of them, and holds none.
 */
final class ShutdownHook {

    private static final AtomicBoolean INSTALLED = new AtomicBoolean();

    private ShutdownHook() {}

    static void install() {
        if (INSTALLED.compareAndSet(false, true)) {
            try {
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(LiveSessions::closeAtShutdown, "securememory-shutdown"));
            } catch (IllegalStateException e) {
                // The virtual machine is shutting down already: whoever opens a session now closes it.
                INSTALLED.set(false);
            }
        }
    }
}
