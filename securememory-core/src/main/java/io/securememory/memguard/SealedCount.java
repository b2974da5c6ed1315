package io.securememory.memguard;

/**
 * Counts what is sealed under the present key.
 *
 * <p>Threading: safe. A purge and a close that meet count each thing once.
 */
final class SealedCount {

    private int live;
    private long bytes;
    private long total;
    private long closed;

    static final Snapshot NOTHING = new Snapshot(0, 0);

    /** What one purge ended. */
    record Snapshot(int live, long bytes) {}

    /** Counts one more, if its key is still there. */
    synchronized boolean add(Coffer coffer, long nonce, int size) {
        if (!coffer.isCurrent(nonce)) {
            return false;
        }
        live++;
        bytes += size;
        total++;
        return true;
    }

    /** Counts one less, unless a purge has done so. */
    synchronized void remove(Coffer coffer, long nonce, int size) {
        if (coffer.isCurrent(nonce)) {
            live--;
            bytes -= size;
            closed++;
        }
    }

    /** Runs what takes the key away, and counts everything as closed. */
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
