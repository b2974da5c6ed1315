package io.securememory.memguard;

/**
 * Counts what is sealed under the present key.
 *
 * <p><b>Threading.</b> Safe for use by several threads. If a purge and a close meet, each enclave is still counted
 * once.
 */
final class SealedCount {

    private int live;
    private long bytes;
    private long total;
    private long closed;

    static final Snapshot NOTHING = new Snapshot(0, 0);

    /** What one purge made unreadable. */
    record Snapshot(int live, long bytes) {}

    /** Counts one more, if its key still exists. Returns whether it does. */
    synchronized boolean add(Coffer coffer, long nonce, int size) {
        if (!coffer.isCurrent(nonce)) {
            return false;
        }
        live++;
        bytes += size;
        total++;
        return true;
    }

    /** Counts one less, unless a purge has done so already. */
    synchronized void remove(Coffer coffer, long nonce, int size) {
        if (coffer.isCurrent(nonce)) {
            live--;
            bytes -= size;
            closed++;
        }
    }

    /** Runs an action that destroys the key, and counts everything as closed. */
    synchronized Snapshot clear(Runnable forgetKey) {
        Snapshot ended = new Snapshot(live, bytes);
        try {
            forgetKey.run();
        } finally {
            closed += live;
            live = 0;
            bytes = 0;
        }
        return ended;
    }

    synchronized int live() {
        return live;
    }

    synchronized long total() {
        return total;
    }

    synchronized long closed() {
        return closed;
    }
}
