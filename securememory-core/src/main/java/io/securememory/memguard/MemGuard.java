package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.PurgeReport;
import io.securememory.SecretSourceException;
import io.securememory.memcall.MemCall;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * Makes {@link LockedBuffer}s and keeps account of them.
 *
 * <p><b>Guarantees.</b> A buffer is filled before it is handed out, and every source that a method is said to wipe is
 * wiped on every path. A request that fails leaves nothing behind and touches no other buffer.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 *
 * <p>Obtained from {@link io.securememory.SecureMemory#memGuard()}, whose close purges it.
 */
public final class MemGuard {

    private final GuardGroup group;
    private final GuardedMemory memory;

    private MemGuard(GuardGroup group) {
        this.group = group;
        this.memory = group.newMember();
    }

    /**
     * Creates a guard of its own, for use without a session. The caller purges it.
     *
     * @param memCall the operating system's memory; one of the caller's own is trusted like native code
     * @param options limits and timeouts
     * @return a new guard without buffers
     */
    public static MemGuard create(MemCall memCall, MemGuardOptions options) {
        return create(memCall, options, MemGuard.class);
    }

    /**
     * Creates a guard that belongs to something.
     *
     * @param memCall the operating system's memory
     * @param options limits and timeouts
     * @param owner stays reachable for as long as the guard or one of its buffers is
     * @return a new guard without buffers
     */
    public static MemGuard create(MemCall memCall, MemGuardOptions options, Object owner) {
        Objects.requireNonNull(memCall, "memCall");
        LockBudget budget = new LockBudget(memCall, options.lockPolicy(), options.lockLimitBytes());
        PageSource pages = new PageSource(memCall, budget, options.maxIdle(), options.secretMemory());
        return new MemGuard(new GuardGroup(options, pages, owner));
    }

    /**
     * Creates a guard with counts and a purge of its own that shares this one's limit and its pool of idle regions.
     *
     * @return a new guard without buffers
     */
    public MemGuard sharingLimit() {
        return new MemGuard(group);
    }

    /**
     * Makes a mutable buffer of zeros.
     *
     * @param size bytes, at least 1
     * @return the buffer, which the caller closes
     * @throws IllegalArgumentException if the size is not positive or above 512 MiB
     * @throws MemoryLimitException if it cannot be locked and the policy requires it
     */
    public LockedBuffer allocate(int size) {
        return buffer(memory.create(size, false, zeros -> {}));
    }

    /**
     * Makes a frozen buffer of random bytes of the operating system, which have been nowhere else.
     *
     * @param size bytes, at least 1
     * @return the buffer, which the caller closes
     * @throws IllegalArgumentException if the size is not positive or above 512 MiB
     * @throws MemoryLimitException if it cannot be locked and the policy requires it
     */
    public LockedBuffer random(int size) {
        return buffer(memory.create(size, true, RegionMemory::fillRandom));
    }

    /**
     * Makes a frozen buffer of the bytes of an array, which is wiped on every path.
     *
     * @param source at least one byte; zeros afterwards
     * @return the buffer, which the caller closes
     * @throws IllegalArgumentException if the source is empty
     * @throws MemoryLimitException if it cannot be locked and the policy requires it
     */
    public LockedBuffer moveFrom(byte[] source) {
        Objects.requireNonNull(source, "source");
        try {
            return buffer(memory.create(source.length, true, target -> target.copyIn(0, source, 0, source.length)));
        } finally {
            wipe(source);
        }
    }

    /**
     * Makes a frozen buffer of exactly so many bytes of a stream, which is not closed.
     *
     * @param in the stream
     * @param size bytes to read
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if the stream ends before, or fails; what was read is wiped
     * @throws MemoryLimitException if it cannot be locked and the policy requires it
     */
    public LockedBuffer read(InputStream in, int size) {
        return frozen(new SourceReader(this, size).readExactly(in));
    }

    /**
     * Makes a frozen buffer of the bytes of a stream up to a delimiter or its end. The delimiter is read and dropped.
     *
     * @param in the stream, which is read byte by byte and not closed
     * @param delimiter what to stop at, for example a line feed
     * @param maxSize most bytes to accept
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if there are no bytes, more than {@code maxSize}, or the stream fails
     * @throws MemoryLimitException if it cannot be locked and the policy requires it
     */
    public LockedBuffer readUntil(InputStream in, byte delimiter, int maxSize) {
        return frozen(new SourceReader(this, maxSize).readUntil(in, delimiter));
    }

    /**
     * Makes a frozen buffer of a whole file, which is read straight into native memory.
     *
     * <p>Files of other file systems than the default one come through a small array on the heap, which is wiped.
     *
     * @param file the file
     * @param maxSize most bytes to accept
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if the file is missing, empty, larger than {@code maxSize} or not readable
     * @throws MemoryLimitException if it cannot be locked and the policy requires it
     */
    public LockedBuffer readFully(Path file, int maxSize) {
        return frozen(new SourceReader(this, maxSize).read(file));
    }

    /**
     * Makes a frozen buffer of all bytes up to the end of a stream, which is not closed.
     *
     * <p>The bytes pass through a small array on the heap, which is wiped; the stream may keep buffers of its own.
     *
     * @param in the stream
     * @param maxSize most bytes to accept
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if the stream has no bytes, more than {@code maxSize}, or fails
     * @throws MemoryLimitException if it cannot be locked and the policy requires it
     */
    public LockedBuffer readFully(InputStream in, int maxSize) {
        return frozen(new SourceReader(this, maxSize).read(in));
    }

    /**
     * Wipes and releases every buffer, waiting for readers at most for the close timeout.
     *
     * @return what was wiped
     */
    public PurgeReport purge() {
        return purge(group.options().closeTimeout());
    }

    /**
     * Wipes and releases every buffer. What is still being read at the end of the timeout is wiped in place and released
     * by its last reader. Buffers that are created meanwhile live on, or their creation fails with
     * {@link io.securememory.SecretClosedException}.
     *
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public PurgeReport purge(Duration timeout) {
        return memory.purge(timeout);
    }

    /**
     * Purges, and refuses new buffers from now on. Idempotent.
     *
     * @return what was wiped
     */
    public PurgeReport shutDown() {
        memory.close();
        return purge();
    }

    /**
     * Returns the counts of this moment.
     *
     * @return an immutable snapshot
     */
    public MemGuardStatus status() {
        return memory.status();
    }

    private LockedBuffer buffer(GuardedRegion region) {
        return new LockedBuffer(region, group.leaks());
    }

    private static LockedBuffer frozen(LockedBuffer buffer) {
        buffer.freeze();
        return buffer;
    }

    /**
     * Overwrites an array with zeros.
     *
     * @param bytes the array
     */
    public static void wipe(byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
    }

    /**
     * Overwrites an array with random bytes.
     *
     * @param bytes the array
     */
    public static void scramble(byte[] bytes) {
        new SecureRandom().nextBytes(bytes);
    }

    /**
     * Compares two arrays in a time that depends on their lengths only.
     *
     * @param a one array
     * @param b another array
     * @return whether lengths and all bytes are equal
     */
    public static boolean constantTimeEquals(byte[] a, byte[] b) {
        return MessageDigest.isEqual(Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
    }
}
