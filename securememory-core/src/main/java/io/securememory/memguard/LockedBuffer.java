package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.CloseTimeoutException;
import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.crypto.StackProbe;
import io.securememory.memguard.internal.Bytes;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A buffer in native memory that is locked, guarded, kept out of dumps, and inaccessible between accesses.
 *
 * <p><b>Guarantees.</b>
 *
 * <ul>
 *   <li>The bytes lie in pages of their own, which are never swapped (unless the lock policy says otherwise), never
 *       written to a core dump, and not visible to forked children.
 *   <li>Between accesses the pages have no access at all. A guard page stands on either side: an overrun ends the
 *       process. An underrun damages the canary, which is checked on close and purge.
 *   <li>Bounds and state are checked in software: misuse throws, it never faults.
 *   <li>Close and purge wipe the bytes, also when a step on the way fails.
 * </ul>
 *
 * <p><b>Limits.</b> A buffer takes whole pages of locked memory: {@link #size()} and a canary of at least 16 bytes,
 * rounded up. A process that may read this one's memory as root (ptrace, {@code /proc/PID/mem}) can read it.
 *
 * <p><b>Threading.</b> Safe for use by several threads. Readers share; a writer is alone, so two threads that each write
 * one buffer and then wait for the other's wait, as with any lock, until one of the buffers is closed or purged: that ends
 * every wait for it with {@link SecretClosedException}. An interruption ends none, and is kept. Nested access by one thread works.
 *
 * <p><b>Ownership.</b> Whoever holds the buffer closes it. Nothing is serializable.
 */
public final class LockedBuffer implements AutoCloseable {

    private final Region region;
    private final Vault vault;

    /** Ends the watch for a leak; null if there is none. */
    private final Cleaner.@Nullable Cleanable watch;

    LockedBuffer(Region region, Vault vault) {
        this.region = region;
        this.vault = vault;
        this.watch = vault.shared().leaks().watch(this, region);
    }

    RegionData memory() {
        return region.memory();
    }

    /**
     * Returns the size, also after close.
     *
     * @return bytes, at least 1
     */
    public int size() {
        return region.size();
    }

    /**
     * Tells whether this buffer can be accessed.
     *
     * @return false once a close or a purge has begun
     */
    public boolean isAlive() {
        return region.isOpen();
    }

    /**
     * Tells whether this buffer can be written to.
     *
     * @return true if it is alive and not frozen
     */
    public boolean isMutable() {
        return region.isOpen() && !region.isFrozen();
    }

    /**
     * Runs an action that reads the bytes. The pages are readable meanwhile.
     *
     * @param action gets a view that is valid until it returns
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action does
     * @throws SecretClosedException if the buffer is closed, also while this thread waits for a writer, or was purged while
     *     the action ran
     */
    public <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action)
            throws E {
        Objects.requireNonNull(action, "action");
        Lease lease = Lease.read(region);
        Throwable failure = null;
        try {
            return lease.run(action);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            lease.end(failure);
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Runs an action that writes the bytes. Nobody else reads or writes meanwhile. Waits for readers, for as long as they
     * overlap; two threads that wait for what the other reads wait until one of the buffers is closed or purged.
     *
     * @param action gets a view that is valid until it returns
     * @param <E> type of the action's checked exception
     * @throws E if the action does; what it wrote stays written
     * @throws IllegalStateException if the buffer is frozen, or inside a read of the same buffer by the same thread
     * @throws SecretClosedException if the buffer is closed, also while this thread waits, or was purged while the action ran
     */
    public <E extends Exception> void mutate(MutableViewConsumer<E> action) throws E {
        Objects.requireNonNull(action, "action");
        try {
            Lease.fill(region, action);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Forbids writing. Waits for a writer that is inside. Idempotent.
     *
     * @throws SecretClosedException if the buffer is closed, also while this thread waits
     * @throws IllegalStateException inside a mutate action of this buffer
     */
    public void freeze() {
        StackProbe.touch();
        region.freeze();
    }

    /**
     * Allows writing again. Waits for nobody: inside a mutate action of this buffer, which is not frozen, it does nothing.
     * Idempotent.
     *
     * @throws SecretClosedException if the buffer is closed
     */
    public void melt() {
        StackProbe.touch();
        region.melt();
    }

    /**
     * Overwrites the bytes with random ones.
     *
     * @throws IllegalStateException if the buffer is frozen
     * @throws SecretClosedException if the buffer is closed
     */
    public void scramble() {
        mutate(view -> ((Lease) view).fillRandom());
    }

    /**
     * Overwrites the bytes with zeros. The buffer stays alive.
     *
     * @throws IllegalStateException if the buffer is frozen
     * @throws SecretClosedException if the buffer is closed
     */
    public void wipe() {
        mutate(view -> ((Lease) view).wipe());
    }

    /**
     * Copies all bytes of an array into this buffer. The array stays as it is.
     *
     * @param offset first byte of this buffer
     * @param source bytes to copy
     * @throws IndexOutOfBoundsException if the bytes do not fit; nothing is copied then
     * @throws IllegalStateException if the buffer is frozen
     * @throws SecretClosedException if the buffer is closed
     */
    public void copyIn(int offset, byte[] source) {
        Objects.requireNonNull(source, "source");
        mutate(view -> view.copyFrom(offset, source, 0, source.length));
    }

    /**
     * Copies all bytes of an array into this buffer and wipes the array, also on failure.
     *
     * @param offset first byte of this buffer
     * @param source bytes to move; zeros afterwards
     * @throws IndexOutOfBoundsException if the bytes do not fit; nothing is copied then
     * @throws IllegalStateException if the buffer is frozen
     * @throws SecretClosedException if the buffer is closed
     */
    public void moveIn(int offset, byte[] source) {
        try {
            copyIn(offset, source);
        } finally {
            Bytes.wipe(source);
        }
    }

    /**
     * Compares with an array in a time that depends on the two lengths only.
     *
     * @param other bytes to compare with
     * @return whether lengths and all bytes are equal
     * @throws SecretClosedException if the buffer is closed
     */
    public boolean contentEquals(byte[] other) {
        Objects.requireNonNull(other, "other");
        return withBytes(view -> view.contentEquals(other));
    }

    /**
     * Seals the bytes and closes this buffer.
     *
     * @return the enclave, which the caller closes
     * @throws SecretClosedException if the buffer is closed, or a purge came between
     * @throws CloseTimeoutException if readers are still inside; nothing is sealed, and the last one releases
     */
    public Enclave seal() {
        StackProbe.touchForSeveral();
        Enclave made = sealed(size());
        try {
            close();
            return made;
        } catch (Throwable e) {
            Failures.suppress(e, made::close);
            throw e;
        }
    }

    /** Seals the first bytes. This buffer stays. The end of the access may fail: then nobody gets the enclave. */
    Enclave sealed(int length) {
        @Nullable Enclave[] sealed = new @Nullable Enclave[1];
        try {
            return withBytes(view -> {
                RegionData memory = region.memory();
                Enclave enclave = vault.seal(memory.bytes(), memory.indexOf(0), length);
                sealed[0] = enclave;
                return enclave;
            });
        } catch (Throwable e) {
            Enclave made = sealed[0];
            if (made != null) {
                Failures.suppress(e, made::close);
            }
            throw e;
        }
    }

    /**
     * Wipes and releases. Idempotent; waits for readers, at most for the close timeout. Inside an access of this buffer
     * by the same thread it returns at once, and the end of that access releases.
     *
     * @throws CloseTimeoutException if readers are still inside; the last one releases
     * @throws CanaryViolationException if something wrote in front of the data; the buffer is released all the same
     */
    @Override
    public void close() {
        StackProbe.touch();
        try {
            region.close();
        } catch (CanaryViolationException e) {
            region.owner().raiseCanaryAlarm();
            throw e;
        }
        if (watch != null) {
            watch.clean();
        }
    }

    @Override
    public String toString() {
        return "LockedBuffer[size=" + size() + ", " + (isAlive() ? "alive" : "closed") + "]";
    }
}
