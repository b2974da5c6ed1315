package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.crypto.StackProbe;
import io.securememory.memguard.internal.Computation;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one {@link Vault} has: its coffer, its windows and the count of what is sealed, and how all that ends.
 *
 * <p>Coffer and windows come into being with the first use. Their regions are in a registry of their own, as they are not
 * buffers of a user.
 *
 * <p>Refers to no guard and to nothing that a guard made: who purges holds this, and keeps no session reachable by it.
 */
final class VaultContent {

    private final SharedResources shared;

    /** Of the coffer and the windows. */
    private final RegionRegistry memory;

    private final LibraryChoice library;
    private final SealedCount count = new SealedCount();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private volatile @Nullable OpenVault opened;

    VaultContent(SharedResources shared) {
        this.shared = shared;
        this.memory = new RegionRegistry(shared);
        this.library = new LibraryChoice(
                shared.options().enclaves().libcrypto(), memory.memCall().name());
    }

    SharedResources shared() {
        return shared;
    }

    /** Of the key and the windows, whose violations and degradations are the guard's. */
    RegionRegistry memory() {
        return memory;
    }

    /** Returns always the same, once it has. */
    OpenVault opened() {
        OpenVault present = opened;
        return present != null ? present : open();
    }

    /** Computes in a window with bytes of a region that the current thread is inside of. */
    <T> T compute(Region source, int size, Computation<T> computation) {
        OpenVault at = memory.forReading(this::opened);
        return at.inWindow(size, this, true, (window, lease) -> {
            window.setSource(source); // First: a purge that is not seen below finds it, and wipes the window.
            try {
                window.requireSourceNotPurged();
                T result = computation.in(window.bytes(), window.indexOf(size));
                window.requireNotPurged(size);
                return result;
            } finally {
                window.setSource(null);
            }
        });
    }

    /**
     * Seals a text in a window and opens it again, as each use of an enclave does. Counts nothing.
     *
     * @param text no secret
     * @return whether it was the same
     */
    boolean opensWhatItSeals(byte[] text) {
        StackProbe.touch();
        memory.requireOpen();
        OpenVault at = opened();
        byte[] sealed = at.inWindow(text.length, this, true, (window, lease) -> {
            lease.copyFrom(0, text, 0, text.length);
            return at.encrypt(window, window.indexOf(text.length), text.length);
        });
        return at.read(sealed, this, view -> view.contentEquals(text));
    }

    /** Wipes windows in which bytes of regions are that a purge has wiped. */
    void wipeComputations() {
        OpenVault present = present();
        if (present != null) {
            memory.beginPurge(present.windows().regionsOf(SealingWindow::isSourceWiped), Deadline.after(Duration.ZERO))
                    .finish();
        }
    }

    /** Allocates first and takes the lock after it; whoever comes second gives back what it made. */
    private OpenVault open() {
        Coffer coffer = Coffer.create(memory.requireOpen());
        boolean used = false;
        lock.lock();
        try {
            OpenVault present = opened;
            if (present != null) {
                return present;
            }
            memory.requireOpen();
            OpenVault made = new OpenVault(
                    coffer, new SealingWindows(memory, coffer, shared.options().enclaves(), library));
            shared.rekeyer().add(coffer);
            opened = made;
            used = true;
            return made;
        } finally {
            lock.unlock();
            if (!used) {
                destroy(coffer);
            }
        }
    }

    private static void destroy(Coffer coffer) {
        Failures failures = new Failures();
        coffer.destroy(failures);
        failures.log(LOG, "The memory of a destroyed key could not be given back");
    }

    /** Counts something that was sealed, if its key is still there. */
    boolean add(Coffer coffer, long nonce, int size) {
        return count.add(coffer, nonce, size);
    }

    /** Called once when an enclave was closed and nobody uses it any more. */
    void ended(long nonce, int size) {
        count.remove(opened().coffer(), nonce, size);
        lock.lock();
        try {
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the last user of a closed enclave has left; returns whether that is so. */
    boolean awaitEnd(BooleanSupplier isEnded) {
        Deadline deadline = Deadline.after(memory.closeTimeout());
        lock.lock();
        try {
            return deadline.await(left, isEnded);
        } finally {
            lock.unlock();
        }
    }

    /** Seals nothing from now on; idempotent. */
    void close() {
        memory.close();
        OpenVault present = settled();
        if (present != null) {
            present.windows().endWaits();
        }
    }

    boolean isClosed() {
        return memory.isClosed();
    }

    /** What there is to purge, or null. Of a closed vault there is no more later. */
    @Nullable
    OpenVault present() {
        return isClosed() ? settled() : opened;
    }

    /** After the memory was closed: whoever was about to publish what it opened has done so, or finds it closed. */
    private @Nullable OpenVault settled() {
        lock.lock();
        try {
            return opened;
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything that is sealed unreadable, and counts it. */
    SealedCount.Snapshot endKey(Coffer coffer) {
        return count.clear(() -> renew(coffer));
    }

    /** The old key is gone when this returns, whatever happens; the next one is made at the latest by who needs it. */
    private static void renew(Coffer coffer) {
        try {
            coffer.renew();
        } catch (RuntimeException e) {
            LOG.error("No new key could be made after the old one was wiped; the next use tries again", e);
        }
    }

    void stopRekeying(Coffer coffer, Duration timeout) {
        shared.rekeyer().remove(coffer, timeout);
    }

    /** Rekeys no more, whether or not there is a key. */
    void stopRekeying() {
        OpenVault present = opened;
        if (present != null) {
            stopRekeying(present.coffer(), Duration.ZERO);
        }
    }

    /**
     * Gives back all memory of a vault that seals nothing any more, and tries again what could not be given back before.
     * Returns what was sealed after its last purge began.
     */
    SealedCount.Snapshot release(OpenVault ended) {
        SealedCount.Snapshot late = count.clear(() -> destroy(ended.coffer()));
        Failures failures = new Failures();
        failures.attempt(ended.windows()::close);
        memory.purge(Duration.ZERO); // Tries again what could not be released before.
        failures.log(LOG, "A window could not be given back cleanly");
        return late;
    }

    EnclaveStatus status() {
        OpenVault present = opened;
        Rekeyer rekeyer = shared.rekeyer();
        rekeyer.ensureRunning();
        return new EnclaveStatus(
                count.live(),
                count.total(),
                count.closed(),
                present == null ? 0 : present.windows().count(),
                rekeyer.rekeys(),
                rekeyer.failures(),
                rekeyer.nanos(),
                rekeyer.ageMillis(),
                library.version());
    }
}
