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
 * The one key that everything sealed is sealed with, at rest in two halves: key = left XOR BLAKE2b-256(right).
 *
 * <p>Each half is in a guarded, locked page of its own. The pages stay readable: neither half tells anything of the key,
 * and a system call for each access would cost more than the whole cipher. Rekeying replaces both halves at an interval
 * without changing the key, so halves that were read at different times do not fit together.
 *
 * <h2>Concurrency protocol</h2>
 *
 * <ul>
 *   <li>The halves change under {@link #lock} only, with {@link #version} odd meanwhile. Viewers take no lock: they copy
 *       the left half and digest the right one, and start again if the version was odd or has changed. The key comes into
 *       being in the viewer's own window, never here.
 *   <li>Nothing is allocated and no code of a user runs under the lock. What a writer needs is computed before the version
 *       turns odd, so that viewers spin for a few stores at most.
 *   <li>A viewer announces itself in its {@link Viewer#viewing} before it looks at {@link #destroyed}; destroying sets that
 *       first and then waits for every announced viewer. So no page is given back under a viewer.
 * </ul>
 *
 * <p><b>Nonces</b> are numbers of one counter that is never set back, also not when the key changes: none repeats under
 * any key for as long as the coffer lives. A counter and not random bytes, because 64 random bits would repeat with a
 * chance of one in four billion already after 65,000 uses, and more bits would have to be stored with every secret.
 */
final class Coffer implements Rekeyer.Target {

    /** Bytes of the key and of each half. */
    static final int KEY_SIZE = 32;

    private static final int WORDS = KEY_SIZE / Long.BYTES;

    // What writers work with lies in the page of the left half, behind it. Guarded by lock.
    private static final int FRESH = KEY_SIZE;
    private static final int OLD_DIGEST = FRESH + KEY_SIZE;
    private static final int NEW_DIGEST = OLD_DIGEST + KEY_SIZE;
    private static final int FRESH_SPREAD = NEW_DIGEST + KEY_SIZE;
    private static final int LEFT_SIZE = FRESH_SPREAD + Blake2b.SPREAD_SIZE;
    private static final int SPINS = 100;
    private static final long PAUSE_NANOS = 1_000;

    /** Whoever may look at the halves. */
    static final class Viewer {
        private final SealingEngine engine;
        private final AtomicBoolean viewing = new AtomicBoolean();

        Viewer(SealingEngine engine) {
            this.engine = engine;
        }
    }

    private final RegionData left;

    /** Spread, as viewers digest it where it is. */
    private final RegionData right;

    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong nonces = new AtomicLong();

    /** Odd while the halves change. Written under the lock. */
    private volatile long version;

    /** The first nonce that may have been used under the present key. Written under the lock. */
    private volatile long firstNonce;

    /** Whether there is no key, because making one failed. Written under the lock. */
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

    /** Announces an engine that will view the key. */
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

    /** Whether what was sealed with this nonce can be opened, as far as the key goes. */
    boolean isCurrent(long nonce) {
        return nonce >= firstNonce && !destroyed;
    }

    /**
     * Makes the key in the viewer's engine, whose caller wipes it.
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
        viewer.viewing.set(true); // Before the look at destroyed.
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
     * Replaces both halves; the key stays. The key does not come into being: the left half changes by the difference of
     * both digests.
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

    /** Makes the fresh half the right one. */
    private void takeFresh() {
        Blake2b.spread(left.bytes(), left.indexOf(FRESH), right.bytes(), right.indexOf(0));
    }

    private void wipeWork() {
        if (!destroyed) {
            left.wipeData(KEY_SIZE, LEFT_SIZE - KEY_SIZE);
        }
    }

    /** Forgets the key and makes another one: nothing that is sealed can be opened any more. */
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

    /** Under the lock. */
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
     * Forgets the key for good and gives the pages back. May be called again after a failure.
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
