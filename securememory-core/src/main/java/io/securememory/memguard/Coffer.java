package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.crypto.Blake2b;
import io.securememory.crypto.SealingEngine;
import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds the key that everything is sealed with, in two halves: key = left XOR BLAKE2b-256(right).
 *
 * <p>Each half is in a separate guarded, locked region. The pages stay readable: neither half alone says anything about
 * the key, and a system call for each access would take longer than the whole cipher. Rekeying replaces both halves at
 * an interval and keeps the key. So two halves that were read at different times do not fit together.
 *
 * <h2>Concurrency protocol</h2>
 *
 * <ul>
 *   <li>The halves change under {@link #lock} only, and {@link #version} is odd meanwhile. Viewers take no lock: they
 *       copy the left half, compute the digest of the right one, and start again if the version was odd or has changed.
 *       The key itself is computed in the viewer's own window, never here.
 *   <li>Under the lock nothing is allocated and no user code runs. Writers compute what they need before the version
 *       turns odd, so viewers spin for a few stores at most.
 *   <li>A viewer sets its flag {@link Viewer#viewing} before it checks {@link #destroyed}. Destroying sets that first,
 *       and then waits until no viewer's flag is set. So no page is given back while a viewer reads it.
 * </ul>
 *
 * <p><b>Nonces</b> come from one counter that is never set back, not even when the key changes. So none repeats under
 * any key for as long as the coffer lives. Random nonces would not do: among 65,000 nonces of 64 random bits, two are
 * equal with a chance of one in four billion already, and longer nonces would take more memory for every secret.
 */
final class Coffer implements Rekeyer.Target {

    /** Bytes of the key and of each half. */
    static final int KEY_SIZE = 32;

    private static final int WORDS = KEY_SIZE / Long.BYTES;

    // The working memory of writers is behind the left half, in the same region. Guarded by lock.
    private static final int FRESH = KEY_SIZE;
    private static final int OLD_DIGEST = FRESH + KEY_SIZE;
    private static final int NEW_DIGEST = OLD_DIGEST + KEY_SIZE;
    private static final int FRESH_SPREAD = NEW_DIGEST + KEY_SIZE;
    private static final int LEFT_SIZE = FRESH_SPREAD + Blake2b.SPREAD_SIZE;
    private static final int SPINS = 100;
    private static final long PAUSE_NANOS = 1_000;

    /** An engine that may view the halves. */
    static final class Viewer {
        private final SealingEngine engine;
        private final AtomicBoolean viewing = new AtomicBoolean();

        Viewer(SealingEngine engine) {
            this.engine = engine;
        }
    }

    private final RegionData left;

    /** In spread form, so that viewers compute its digest in place. */
    private final RegionData right;

    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong nonces = new AtomicLong();

    /** Odd while the halves change. Written under the lock. */
    private volatile long version;

    /** The lowest nonce that may have been used under the present key. Written under the lock. */
    private volatile long firstNonce;

    /** True if there is no key, because making one failed. Written under the lock. */
    private volatile boolean empty;

    /** Written under the lock. */
    private volatile boolean destroyed;

    /** Guarded by lock. */
    private boolean leftReleased;

    /** Guarded by lock. */
    private boolean rightReleased;

    private Coffer(RegionData left, RegionData right) {
        this.left = left;
        this.right = right;
        renew(true);
    }

    /** Makes a coffer with a random key; a failure leaves nothing behind. */
    static Coffer create(RegionOwner owner) {
        RegionData left = RegionData.allocate(owner, LEFT_SIZE, true);
        try {
            RegionData right = RegionData.allocate(owner, Blake2b.SPREAD_SIZE, true);
            try {
                return new Coffer(left, right);
            } catch (RuntimeException | Error e) {
                right.freeRetired();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            left.freeRetired();
            throw e;
        }
    }

    /** Registers an engine that will view the key. */
    Viewer admit(SealingEngine viewing) {
        Viewer viewer = new Viewer(viewing);
        viewers.add(viewer);
        return viewer;
    }

    void dismiss(Viewer viewer) {
        viewers.remove(viewer);
    }

    /** Returns a number that was never returned before. Taken before the key is viewed. */
    long nextNonce() {
        return nonces.getAndIncrement();
    }

    boolean isDestroyed() {
        return destroyed;
    }

    /** Whether there still is the key that was used with this nonce. */
    boolean isCurrent(long nonce) {
        return nonce >= firstNonce && !destroyed;
    }

    /**
     * Computes the key in the viewer's engine. The caller wipes it.
     *
     * @throws SecretClosedException if the coffer is destroyed
     * @throws io.securememory.MemoryCallException if a key must be made and the operating system has no random bytes
     */
    void view(Viewer viewer) {
        while (!tryView(viewer)) {
            renew(false);
        }
        viewer.engine.combine();
    }

    private boolean tryView(Viewer viewer) {
        viewer.viewing.set(true); // Before destroyed is checked.
        try {
            return copyHalves(viewer.engine);
        } finally {
            viewer.viewing.setRelease(false);
        }
    }

    /** Returns whether there was a key. */
    private boolean copyHalves(SealingEngine target) {
        for (int spins = 0; ; spins++) {
            if (destroyed) {
                throw new SecretClosedException("The session's key was destroyed; nothing can be sealed or opened.");
            }
            long before = version;
            if (before % 2 == 0) {
                for (int word = 0; word < WORDS; word++) {
                    target.putLeft(word, wordOf(word * Long.BYTES));
                }
                target.mix(right.bytes(), right.indexOf(0));
                boolean present = !empty;
                VarHandle.acquireFence();
                if (version == before) {
                    return present;
                }
            }
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private long wordOf(int offset) {
        return left.bytes().getLong(left.indexOf(offset));
    }

    /**
     * Replaces both halves and keeps the key. The key itself is not computed: the left half changes by the difference
     * of both digests.
     */
    @Override
    public void rekey() {
        lock.lock();
        try {
            if (destroyed || empty) {
                return;
            }
            Blake2b.compute(right.bytes(), right.indexOf(0), left.bytes(), left.indexOf(OLD_DIGEST));
            left.fillRandom(FRESH, KEY_SIZE);
            Blake2b.spread(left.bytes(), left.indexOf(FRESH), left.bytes(), left.indexOf(FRESH_SPREAD));
            Blake2b.compute(left.bytes(), left.indexOf(FRESH_SPREAD), left.bytes(), left.indexOf(NEW_DIGEST));
            change(() -> {
                for (int i = 0; i < KEY_SIZE; i += Long.BYTES) {
                    long difference = wordOf(OLD_DIGEST + i) ^ wordOf(NEW_DIGEST + i);
                    left.bytes().putLong(left.indexOf(i), wordOf(i) ^ difference);
                }
                takeFresh();
            });
        } finally {
            wipeWork();
            lock.unlock();
        }
    }

    /** Copies the fresh half to the right one. */
    private void takeFresh() {
        Blake2b.spread(left.bytes(), left.indexOf(FRESH), right.bytes(), right.indexOf(0));
    }

    private void wipeWork() {
        if (!destroyed) {
            left.wipeData(KEY_SIZE, LEFT_SIZE - KEY_SIZE);
        }
    }

    /** Destroys the key and makes a new one. Nothing that was sealed before can be opened any more. */
    void renew() {
        renew(true);
    }

    private void renew(boolean always) {
        lock.lock();
        try {
            if (destroyed || !(always || empty)) {
                return;
            }
            change(() -> {
                if (!empty) {
                    firstNonce = nonces.get();
                }
                empty = true;
                left.wipeData(0, KEY_SIZE);
                right.wipeData();
                left.fillRandom(0, KEY_SIZE);
                left.fillRandom(FRESH, KEY_SIZE);
                takeFresh();
                empty = false;
            });
        } finally {
            wipeWork();
            lock.unlock();
        }
    }

    /** Under the lock: runs a change of the halves while the version is odd. */
    private void change(Runnable change) {
        long before = version;
        version = before + 1;
        VarHandle.fullFence();
        try {
            change.run();
        } finally {
            version = before + 2;
        }
    }

    /**
     * Destroys the key for good and gives the pages back. May be called again after a failure.
     *
     * @param failures takes what goes wrong
     * @return whether the pages are given back
     */
    boolean destroy(Failures failures) {
        lock.lock();
        try {
            if (!destroyed) {
                destroyed = true;
                change(() -> {
                    left.wipeData();
                    right.wipeData();
                });
                viewers.forEach(Coffer::awaitEnd);
            }
            leftReleased = leftReleased || left.release(failures);
            rightReleased = rightReleased || right.release(failures);
            return leftReleased && rightReleased;
        } finally {
            lock.unlock();
        }
    }

    private static void awaitEnd(Viewer viewer) {
        while (viewer.viewing.get()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public String toString() {
        return "Coffer[" + (destroyed ? "destroyed" : empty ? "empty" : "full") + "]";
    }
}
