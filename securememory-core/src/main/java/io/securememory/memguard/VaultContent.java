package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.StackProbe;
import io.securememory.memguard.internal.Computation;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The content of one {@link Vault}: its coffer, its windows and the count of what is sealed. Also ends all that.
 *
 * <p>The coffer and the windows are made on first use. Their regions have a separate registry, as they are not buffers
 * of a user.
 *
 * <p>Refers to no guard and to nothing that a guard made. So the holder of this object can purge without keeping a
 * session reachable.
 */
final class VaultContent {

    private final SharedResources shared;

    /** The registry of the coffer's and the windows' memory. */
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

    /**
     * Returns the registry of the coffer's and the windows' memory. Its overwritten canaries and unlocked pages are
     * counted for the guard.
     */
    RegionRegistry memory() {
        return memory;
    }

    /** Returns the coffer and the windows, which are made on first use. Always the same object. */
    OpenVault opened() {
        OpenVault present = opened;
        return present != null ? present : open();
    }

    /** Runs a computation, in a window, on bytes of a region that the current thread is inside of. */
    <T> T compute(Region source, int size, Computation<T> computation) {
        OpenVault at = memory.forReading(this::opened);
        return at.inWindow(size, this, true, (window, lease) -> {
            window.setSource(source); // First: a purge that is not seen below finds it here, and wipes the window.
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

    /** See {@link LibraryChoice#get()}. */
    @Nullable
    LibCrypto library() {
        return library.get();
    }

    /**
     * Seals a text in a window and opens it again, as an enclave does. Counts nothing.
     *
     * @param text a text that is not secret
     * @return true if the opened text is the same
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

    /** Wipes windows that are computing with bytes of regions that a purge has wiped. */
    void wipeComputations() {
        OpenVault present = present();
        if (present != null) {
            memory.beginPurge(present.windows().regionsOf(SealingWindow::isSourceWiped), Deadline.after(Duration.ZERO))
                    .finish();
        }
    }

    /** Makes the coffer before taking the lock. If two threads do so, the second one gives back what it made. */
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

    /** Counts something that was sealed, if its key still exists. Returns whether it does. */
    boolean add(Coffer coffer, long nonce, int size) {
        return count.add(coffer, nonce, size);
    }

    /** Called once for each enclave, when it was closed and nobody uses it any more. */
    void ended(long nonce, int size) {
        count.remove(opened().coffer(), nonce, size);
        lock.lock();
        try {
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the last user of a closed enclave has left. Returns false if the close timeout was over before. */
    boolean awaitEnd(BooleanSupplier isEnded) {
        Deadline deadline = Deadline.after(memory.closeTimeout());
        lock.lock();
        try {
            return deadline.await(left, isEnded);
        } finally {
            lock.unlock();
        }
    }

    /** Seals nothing from then on. Idempotent. */
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

    /** Returns what there is to purge, or null. For a closed vault the answer is final. */
    @Nullable
    OpenVault present() {
        return isClosed() ? settled() : opened;
    }

    /**
     * Called after the registry was closed. A thread that was about to publish what it made has done so, or finds the
     * registry closed.
     */
    private @Nullable OpenVault settled() {
        lock.lock();
        try {
            return opened;
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything that is sealed unreadable. Returns how much that was. */
    SealedCount.Snapshot endKey(Coffer coffer) {
        return count.clear(() -> renew(coffer));
    }

    /**
     * Replaces the key. The old key is destroyed when this returns, in any case. If making a new one fails, the next
     * use makes it.
     */
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

    /** Stops rekeying, whether or not there is a key. */
    void stopRekeying() {
        OpenVault present = opened;
        if (present != null) {
            stopRekeying(present.coffer(), Duration.ZERO);
        }
    }

    /**
     * Gives back all memory of a closed vault, and tries again to give back what could not be given back before.
     * Returns the count of what was sealed after its last purge had begun.
     */
    SealedCount.Snapshot release(OpenVault ended) {
        SealedCount.Snapshot late = count.clear(() -> destroy(ended.coffer()));
        Failures failures = new Failures();
        failures.attempt(ended.windows()::close);
        memory.purge(Duration.ZERO); // Tries again to release what could not be released before.
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
