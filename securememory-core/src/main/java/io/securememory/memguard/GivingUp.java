package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import java.util.concurrent.atomic.AtomicBoolean;

/** Gives up idle windows whose pages are needed elsewhere. */
final class GivingUp {

    private final SealingWindows windows;
    private final AtomicBoolean busy = new AtomicBoolean();

    GivingUp(SealingWindows windows) {
        this.windows = windows;
    }

    /**
     * Gives up idle windows, the largest first, but never the last window. Never throws.
     *
     * @param bytes how many bytes are needed
     * @param lockedOnly whether locked bytes are needed, so that unlocked windows are of no use
     * @return bytes that were given up
     */
    long giveUp(long bytes, boolean lockedOnly) {
        if (!busy.compareAndSet(false, true)) {
            return 0; // Two threads at once could give up the last two windows.
        }
        try {
            return giveUpAlone(bytes, lockedOnly);
        } finally {
            busy.set(false);
        }
    }

    private long giveUpAlone(long bytes, boolean lockedOnly) {
        Failures failures = new Failures();
        long given = 0;
        for (int size = WindowSizes.CLASSES - 1; size >= 0; size--) {
            while (given < bytes && windows.made() > 1) {
                SealingWindow window = windows.takeIdle(size);
                if (window == null || !mayGo(window, size, lockedOnly)) {
                    break;
                }
                given += window.region().memory().pages().size();
                failures.attempt(() -> windows.discard(window));
            }
        }
        failures.log(LOG, "An idle window could not be given up cleanly");
        return given;
    }

    /**
     * Whether a window may be given up. If not, puts it back without waking other threads: they would wake each other
     * endlessly.
     */
    private boolean mayGo(SealingWindow window, int size, boolean lockedOnly) {
        window.setBusy(false);
        if (!lockedOnly || window.region().memory().pages().isLocked()) {
            return true;
        }
        windows.putBack(window, size);
        return false;
    }
}
