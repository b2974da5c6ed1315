package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import java.util.concurrent.atomic.AtomicBoolean;

/** Lets idle windows go to somebody else who needs their pages. */
final class GivingUp {

    private final SealingWindows windows;
    private final AtomicBoolean busy = new AtomicBoolean();

    GivingUp(SealingWindows windows) {
        this.windows = windows;
    }

    /**
     * Gives up idle windows for somebody else, the largest first, but not the last window. Never throws.
     *
     * @param bytes how much is wanted
     * @param lockedOnly whether windows that are not locked are of no use
     * @return bytes that were given up
     */
    long giveUp(long bytes, boolean lockedOnly) {
        if (!busy.compareAndSet(false, true)) {
            return 0; // Two who look at once would each leave the other one's last window.
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

    /** Puts a window back that is of no use to who asks. Others who ask are not told: they would ask in turns for ever. */
    private boolean mayGo(SealingWindow window, int size, boolean lockedOnly) {
        window.setBusy(false);
        if (!lockedOnly || window.region().memory().pages().isLocked()) {
            return true;
        }
        windows.putBack(window, size);
        return false;
    }
}
