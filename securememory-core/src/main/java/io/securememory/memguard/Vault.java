package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.memguard.internal.Computation;
import io.securememory.memguard.internal.SealingEngine;
import io.securememory.memguard.internal.StackProbe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals and opens for one {@link MemGuard}: its coffer, its windows, and the count of what is sealed.
 *
 * <p>Coffer and windows come into being with the first use. Their regions are in a registry of their own, as they are not
 * buffers of a user.
 */
final class Vault {

    private static final Logger LOG = LoggerFactory.getLogger(MemGuard.class);

    private final GuardGroup group;

    /** Of the coffer and the windows. */
    private final GuardedMemory memory;

    /** Of what is opened into buffers. */
    private final GuardedMemory buffers;

    private final SealedCount count = new SealedCount();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private volatile @Nullable Works works;

    Vault(GuardGroup group, GuardedMemory buffers) {
        this.group = group;
        this.buffers = buffers;
        this.memory = new GuardedMemory(group);
    }

    GuardGroup group() {
        return group;
    }

    private Works works() {
        Works present = works;
        return present != null ? present : open();
    }

    /** For what is to be sealed, which a closed vault refuses also while it still has windows. */
    private Works worksToSeal() {
        StackProbe.touch();
        memory.requireOpen();
        return works();
    }

    private Works worksWithKey() {
        Works at = works();
        if (at.coffer().isDestroyed()) {
            throw new SecretClosedException("The session's key was destroyed; nothing can be opened.");
        }
        return at;
    }

    /** Allocates first and takes the lock after it; whoever comes second gives back what it made. */
    private Works open() {
        Coffer coffer = Coffer.create(memory.requireOpen());
        boolean used = false;
        lock.lock();
        try {
            Works present = works;
            if (present != null) {
                return present;
            }
            memory.requireOpen();
            Works made = new Works(
                    coffer, new SealingWindows(memory, coffer, group.options().enclaves()));
            group.rekeyer().add(coffer);
            works = made;
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
        Throwable failure = failures.first();
        if (failure != null) {
            LOG.error("The memory of a destroyed key could not be given back", failure);
        }
    }

    /** Takes the memory that sealing needs, so that it works when the lock limit is reached later. */
    void prepare() {
        worksToSeal().windows().prepare();
    }

    /** Seals bytes that an action writes into a window. */
    <E extends Exception> Enclave seal(int size, MutableViewConsumer<E> filler) throws E {
        RegionLayout.requireSize(size);
        Works at = worksToSeal();
        byte[] sealed = at.<byte[], E>inWindow(size, size, this, true, (window, lease) -> {
            filler.accept(lease);
            return at.encrypt(window, window.bytes(), window.indexOf(size), size);
        });
        return counted(at, sealed);
    }

    /** Fills a window. */
    @FunctionalInterface
    interface Filler<E extends Exception> {
        /**
         * Writes to a window.
         *
         * @param view of the whole window
         * @return how many bytes are to be sealed, from the first one on
         */
        int fill(Lease view) throws E;
    }

    /** Seals bytes whose number becomes known as they are written. */
    <E extends Exception> Enclave sealUpTo(int capacity, Filler<E> filler) throws E {
        Works at = worksToSeal();
        byte[] sealed = at.<byte[], E>inWindow(capacity, capacity, this, true, (window, lease) -> {
            int size = filler.fill(lease);
            return at.encrypt(window, window.bytes(), window.indexOf(capacity), size);
        });
        return counted(at, sealed);
    }

    /** As {@link #sealUpTo}, of what comes in parts. The caller closes them. */
    SealedParts newParts() {
        return new SealedParts(this, worksToSeal());
    }

    /** Seals native bytes, little-endian, that are accessible elsewhere. Takes no memory for them. */
    Enclave seal(ByteBuffer source, int from, int size) {
        Works at = worksToSeal();
        byte[] sealed = at.inWindow(0, size, this, false, (window, lease) -> at.encrypt(window, source, from, size));
        return counted(at, sealed);
    }

    /** Seals bytes of an array, which stays as it is: as above. */
    Enclave seal(byte[] source, int from, int size) {
        Works at = worksToSeal();
        byte[] sealed = at.inWindow(0, size, this, false, (window, lease) -> at.encrypt(window, source, from, size));
        return counted(at, sealed);
    }

    /** Tells the key of now from later ones. */
    KeyEra era() {
        return KeyEra.present(worksToSeal().coffer());
    }

    /** Makes an enclave of what was sealed. */
    Enclave counted(Works at, byte[] sealed) {
        group.rekeyer().ensureRunning();
        if (!count.add(at.coffer(), SealingEngine.nonce(sealed), SealingEngine.plainLength(sealed))) {
            throw new SecretClosedException("A purge took the key while the secret was being sealed.");
        }
        return new Enclave(this, sealed);
    }

    /** Runs an action over the opened bytes in a window. */
    <T extends @Nullable Object, E extends Exception> T withBytes(
            Enclave subject, byte[] sealed, SecretFunction<? extends T, E> action) throws E {
        return worksWithKey().read(sealed, subject, action);
    }

    /** Computes in a window. */
    <T> T compute(int size, Computation<T> computation) {
        return works().inWindow(size, 0, this, true, (window, lease) -> {
            T result = computation.in(window.bytes(), window.indexOf(size));
            window.requireNotPurged(size);
            return result;
        });
    }

    /** Opens sealed bytes into a buffer of their own, which nobody else sees before it is filled. */
    LockedBuffer open(Enclave subject, byte[] sealed) {
        Works at = worksWithKey();
        GuardedRegion opened = buffers.create(
                SealingEngine.plainLength(sealed),
                true,
                target -> at.inWindow(0, SealingEngine.plainLength(sealed), subject, false, (window, lease) -> {
                    Works.decrypt(window, sealed, target.bytes(), target.indexOf(0));
                    return true;
                }));
        return new LockedBuffer(opened, this);
    }

    /** Opens sealed bytes into an array, which the caller wipes. After a failure there is nothing of them in it. */
    void open(Enclave subject, byte[] sealed, byte[] target, int to) {
        try {
            worksWithKey().inWindow(0, SealingEngine.plainLength(sealed), subject, false, (window, lease) -> {
                Works.decrypt(window, sealed, target, to);
                window.requireNotPurged(0);
                return true;
            });
        } catch (Throwable e) {
            Arrays.fill(target, to, to + SealingEngine.plainLength(sealed), (byte) 0);
            throw e;
        }
    }

    /** Whether the key of sealed bytes is still there. */
    boolean isCurrent(byte[] sealed) {
        return works().coffer().isCurrent(SealingEngine.nonce(sealed));
    }

    /** Called once when an enclave was closed and nobody uses it any more. */
    void ended(long nonce, int size) {
        count.remove(works().coffer(), nonce, size);
        lock.lock();
        try {
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the last user of a closed enclave has left; returns whether that is so. */
    boolean awaitEnd(Enclave enclave) {
        Deadline deadline = Deadline.after(memory.closeTimeout());
        lock.lock();
        try {
            return deadline.await(left, enclave::isEnded);
        } finally {
            lock.unlock();
        }
    }

    Duration closeTimeout() {
        return memory.closeTimeout();
    }

    /** What there is to purge, or null. */
    @Nullable
    Works present() {
        return works;
    }

    /** As {@link #present()}; seals nothing from now on. */
    @Nullable
    Works refuse() {
        memory.close();
        return settledWorks();
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
        group.rekeyer().remove(coffer, timeout);
    }

    /** Gives back all memory of a vault that seals nothing any more. Returns what was sealed after its last purge began. */
    SealedCount.Snapshot release(Works ended) {
        SealedCount.Snapshot late = count.clear(() -> destroy(ended.coffer()));
        Failures failures = new Failures();
        failures.attempt(ended.windows()::close);
        memory.purge(Duration.ZERO); // Tries again what could not be released before.
        Throwable failure = failures.first();
        if (failure != null) {
            LOG.error("A window could not be given back cleanly", failure);
        }
        return late;
    }

    /** After the memory was closed: whoever was about to publish its works has done so, or finds it closed. */
    private @Nullable Works settledWorks() {
        lock.lock();
        try {
            return works;
        } finally {
            lock.unlock();
        }
    }

    /** Of the key and the windows, whose violations and degradations are the guard's. */
    GuardedMemory memory() {
        return memory;
    }

    EnclaveStatus status() {
        Works present = works;
        Rekeyer rekeyer = group.rekeyer();
        rekeyer.ensureRunning();
        return new EnclaveStatus(
                count.live(),
                count.total(),
                count.closed(),
                present == null ? 0 : present.windows().count(),
                rekeyer.rekeys(),
                rekeyer.failures(),
                rekeyer.nanos(),
                rekeyer.ageMillis());
    }
}
