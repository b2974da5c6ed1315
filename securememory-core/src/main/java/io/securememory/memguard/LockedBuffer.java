package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.CloseTimeoutException;
import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.crypto.StackProbe;
import io.securememory.memguard.internal.Bytes;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A buffer in native memory that is locked, lies between guard pages, is kept out of dumps, and is inaccessible between
 * accesses.
 *
 * <p><b>Guarantees.</b>
 *
 * <ul>
 *   <li>The bytes lie in separate pages, which are never swapped (unless the lock policy says otherwise), never written
 *       to a core dump, and not visible to forked processes.
 *   <li>Between accesses the pages can be neither read nor written. There is a guard page on either side: an access
 *       beyond the end ends the process. A write in front of the data changes the canary, which is checked on close and
 *       purge.
 *   <li>Bounds and state are checked in software before each access: wrong use throws an exception.
 *   <li>Close and purge wipe the bytes, also if another step of them fails.
 * </ul>
 *
 * <p><b>Limits.</b> A buffer takes whole pages of locked memory: {@link #size()} and a canary of at least 16 bytes,
 * rounded up. A process that may read this one's memory, such as one of root (ptrace, {@code /proc/PID/mem}), can read
 * anonymous pages, see {@link io.securememory.Backing}.
 *
 * <p><b>Threading.</b> Safe for use by several threads. Several readers may be inside at once; a writer is alone. Two
 * threads that each write one buffer and then wait for the other's buffer wait for each other, as with any lock.
 * Closing or purging one of the buffers ends every wait for it with {@link SecretClosedException}. An interruption does
 * not end a wait; the thread stays interrupted. One thread may nest accesses.
 *
 * <p><b>Ownership.</b> Whoever holds the buffer closes it. Not serializable.
 */
public final class LockedBuffer implements AutoCloseable {

    private final Region region;
    private final Vault vault;

    /** Ends leak detection for this buffer; null if it is off. */
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
     * Returns the size. Works after close, too.
     *
     * @return bytes, at least 1
     */
    public int size() {
        return region.size();
    }

    /**
     * Tells whether this buffer can be accessed.
     *
     * @return false once a close or a purge has begun, or if its memory could not be protected again after an access
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
     * Runs an action that reads the bytes. The pages are readable while it runs.
     *
     * @param action gets a view that is valid until the action returns
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action throws it
     * @throws SecretClosedException if the buffer is closed or purged, also while this thread waits for a writer or the
     *     action runs
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
     * Runs an action that writes the bytes. No other thread reads or writes them while it runs. Waits for readers, and
     * has to wait longer if new ones come before the last one leaves. Two threads that each wait for a buffer that the
     * other one is reading wait until one of the buffers is closed or purged.
     *
     * @param action gets a view that is valid until the action returns
     * @param <E> type of the action's checked exception
     * @throws E if the action throws it; what it wrote stays in the buffer
     * @throws IllegalStateException if the buffer is frozen, or inside a read of the same buffer by the same thread
     * @throws SecretClosedException if the buffer is closed or purged, also while this thread waits or the action runs
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
     * Reads once from a channel of the JDK, straight into this buffer. A file, socket or pipe channel leaves no copy on
     * the heap; one that the JDK makes of a stream does.
     *
     * <p>In blocking mode, this waits for the channel. No purge waits for it then: the bytes are wiped at once, and this
     * method fails when the channel answers. A close does wait.
     *
     * @param channel where to read from
     * @param offset first byte of this buffer
     * @param length most bytes to read, at least 1
     * @return number of bytes read, 0 if a channel in non-blocking mode has none, -1 at its end
     * @throws IOException if the channel fails
     * @throws IllegalArgumentException if the class of the channel is not Java's own
     * @throws IndexOutOfBoundsException if the range is not in this buffer
     * @throws IllegalStateException if the buffer is frozen
     * @throws SecretClosedException if the buffer is closed or purged, also while the channel is read
     */
    public int readFrom(ReadableByteChannel channel, int offset, int length) throws IOException {
        if (!ChannelReading.isOfJava(channel)) {
            throw new IllegalArgumentException(
                    "a channel of " + channel.getClass().getName()
                            + " could keep the buffer that it gets; only channels of the JDK are read");
        }
        Objects.checkFromIndexSize(offset, length, size());
        int[] count = new int[1];
        mutate(view -> count[0] = ChannelReading.once((Lease) view, offset, length, channel));
        return count[0];
    }

    /**
     * Forbids writing from then on. Waits for a writer that is inside. Idempotent.
     *
     * @throws SecretClosedException if the buffer is closed, also while this thread waits
     * @throws IllegalStateException inside a mutate action of this buffer
     */
    public void freeze() {
        StackProbe.touch();
        region.freeze();
    }

    /**
     * Allows writing again. Waits for nobody. Inside a mutate action of this buffer it does nothing, as the buffer is
     * not frozen then. Idempotent.
     *
     * @throws SecretClosedException if the buffer is closed
     */
    public void melt() {
        StackProbe.touch();
        region.melt();
    }

    /**
     * Overwrites the bytes with random bytes of the operating system.
     *
     * @throws IllegalStateException if the buffer is frozen
     * @throws SecretClosedException if the buffer is closed
     */
    public void scramble() {
        mutate(view -> ((Lease) view).fillRandom());
    }

    /**
     * Overwrites the bytes with zeros. The buffer stays usable.
     *
     * @throws IllegalStateException if the buffer is frozen
     * @throws SecretClosedException if the buffer is closed
     */
    public void wipe() {
        mutate(view -> ((Lease) view).wipe());
    }

    /**
     * Copies all bytes of an array into this buffer. The array is not changed.
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
     * Copies all bytes of an array into this buffer. Wipes the array in every case.
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
     * Compares with an array. The time taken depends on the two lengths only, not on the bytes.
     *
     * @param other bytes to compare with
     * @return true if the lengths and all bytes are equal
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
     * @throws SecretClosedException if the buffer is closed or purged before the call has ended
     * @throws CloseTimeoutException if some readers are still inside; there is no enclave then, and the last reader
     *     releases the buffer
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

    /**
     * Seals the first bytes. This buffer stays open. If the access fails at its end, the enclave is closed and nobody
     * gets it.
     */
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
     * Wipes the bytes and releases the memory. Waits for readers and a writer for at most the close timeout. Inside an
     * access to this buffer by the same thread it returns at once, and the end of that access wipes and releases.
     * Idempotent.
     *
     * @throws CloseTimeoutException if somebody is still inside; the last one to leave wipes and releases
     * @throws CanaryViolationException if something wrote in front of the data; the buffer is wiped and released all
     *     the same
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
