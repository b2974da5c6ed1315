package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.PurgeReport;
import io.securememory.memcall.MemCall;
import io.securememory.memguard.internal.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Makes {@link LockedBuffer}s and keeps account of them.
 *
 * <p><b>Guarantees.</b> A buffer is filled before it is handed out, and every source that a method is said to wipe is
 * wiped on every path. A request that fails leaves nothing behind and touches no other buffer. Whatever makes a buffer
 * or seals fails with {@link MemoryLimitException} if memory cannot be locked and the policy requires it.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 *
 * <p>Obtained from {@link io.securememory.SecureMemory#memGuard()}, whose close purges it.
 */
public final class MemGuard extends SourceMethods {

    private final SessionMemory session;
    private final RegionRegistry memory;
    private final Vault vault;
    private final GuardHolding holding;

    private MemGuard(SessionMemory session, Object owner) {
        this.session = session;
        this.memory = new RegionRegistry(session.shared());
        this.holding = new GuardHolding(memory, new VaultContent(session.shared()));
        this.vault = new Vault(owner, holding);
        session.add(holding);
    }

    /**
     * Creates a guard of its own, for use without a session. The caller shuts it down.
     *
     * @param memCall the operating system's memory; one of the caller's own is trusted like native code
     * @param options limits and timeouts
     * @return a new guard without buffers
     */
    public static MemGuard create(MemCall memCall, MemGuardOptions options) {
        return create(memCall, options, new Object());
    }

    /**
     * Creates a guard that belongs to something.
     *
     * @param memCall the operating system's memory
     * @param options limits and timeouts
     * @param owner stays reachable for as long as the guard or something of it is; then all is shut down, see SessionMemory
     * @return a new guard without buffers
     */
    public static MemGuard create(MemCall memCall, MemGuardOptions options, Object owner) {
        Objects.requireNonNull(memCall, "memCall");
        LockBudget budget = new LockBudget(memCall, options.lockPolicy(), options.lockLimitBytes());
        SessionMemory session = new SessionMemory(options, new PagePool(memCall, budget, options));
        MemGuard guard = new MemGuard(session, owner);
        session.watch(owner);
        return guard;
    }

    /**
     * Creates a guard with counts and a purge of its own that shares this one's limit and its pool of idle regions. It
     * belongs to the same session: it is purged with it, and refuses with it.
     *
     * @return a new guard without buffers
     */
    public MemGuard sharingLimit() {
        return new MemGuard(session, vault.owner());
    }

    /**
     * Returns all that the guards of this session hold, by which they can be purged without being held.
     *
     * @return always the same object
     */
    public SessionMemory sessionMemory() {
        return session;
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
        return vault.allocate(size);
    }

    /**
     * Makes a frozen buffer of bytes that an action writes into native memory.
     *
     * @param size bytes, at least 1
     * @param filler gets a view of zeros that is valid until it returns
     * @param <E> type of the action's checked exception
     * @return the buffer, which the caller closes
     * @throws E if the action does; what it wrote is wiped, as by a purge that comes meanwhile
     */
    public <E extends Exception> LockedBuffer allocate(int size, MutableViewConsumer<E> filler) throws E {
        return buffer(memory.createFilled(size, Objects.requireNonNull(filler, "filler")));
    }

    /**
     * Makes a frozen buffer of random bytes of the operating system, which have been nowhere else.
     *
     * @param size bytes, at least 1
     * @return the buffer, which the caller closes
     * @throws IllegalArgumentException if the size is not positive or above 512 MiB
     */
    public LockedBuffer random(int size) {
        return buffer(memory.create(size, true, RegionData::fillRandom));
    }

    /**
     * Makes a frozen buffer of the bytes of an array, which is wiped on every path.
     *
     * @param source at least one byte; zeros afterwards
     * @return the buffer, which the caller closes
     * @throws IllegalArgumentException if the source is empty
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
     * Seals the bytes of an array, which is wiped on every path.
     *
     * @param source at least one byte; zeros afterwards
     * @return the enclave, which the caller closes
     * @throws IllegalArgumentException if the source is empty
     */
    public Enclave seal(byte[] source) {
        Objects.requireNonNull(source, "source");
        try {
            return seal(source.length, target -> target.copyFrom(0, source, 0, source.length));
        } finally {
            wipe(source);
        }
    }

    /**
     * Seals bytes that an action writes into native memory.
     *
     * @param size bytes, at least 1
     * @param filler gets a view of zeros that is valid until it returns
     * @param <E> type of the action's checked exception
     * @return the enclave, which the caller closes
     * @throws E if the action does; what it wrote is wiped
     */
    public <E extends Exception> Enclave seal(int size, MutableViewConsumer<E> filler) throws E {
        Objects.requireNonNull(filler, "filler");
        return vault.seal(size, filler);
    }

    /**
     * Seals random bytes of the operating system, which have been nowhere else.
     *
     * @param size bytes, at least 1
     * @return the enclave, which the caller closes
     * @throws IllegalArgumentException if the size is not positive or above 512 MiB
     */
    public Enclave sealRandom(int size) {
        return seal(size, target -> ((Lease) target).fillRandom());
    }

    /**
     * Takes the three pages that sealing needs, so that it works at the limit later. Otherwise the first seal takes them.
     */
    public void prepareSealing() {
        vault.prepare();
    }

    /**
     * Makes an empty stream, whose parts have the size that the options say.
     *
     * @return the stream, which the caller closes
     */
    public EnclaveStream newStream() {
        return newStream(session.shared().options().enclaves().streamChunkSize());
    }

    /**
     * Makes an empty stream of sealed parts.
     *
     * @param chunkSize bytes of plaintext in each part, at least 1
     * @return the stream, which the caller closes
     * @throws IllegalArgumentException if the size is not positive or above 16 MiB
     */
    public EnclaveStream newStream(int chunkSize) {
        return new EnclaveStream(vault, chunkSize);
    }

    /**
     * Wipes and releases every buffer, waiting for readers at most for the close timeout.
     *
     * @return what was wiped
     */
    public PurgeReport purge() {
        return purge(session.shared().options().closeTimeout());
    }

    /**
     * Wipes and releases every buffer. What is still being read at the end of the timeout is wiped in place and released
     * by its last reader. Buffers that are created meanwhile live on, or their creation fails with
     * {@link io.securememory.SecretClosedException}. No enclave can be opened any more.
     *
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public PurgeReport purge(Duration timeout) {
        return purge(List.of(this), timeout);
    }

    /**
     * Purges guards together, as {@link #purge(Duration)} does one: the buffers of all of them that nobody is reading
     * are wiped before anyone is waited for.
     *
     * @param guards what to purge
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public static PurgeReport purge(List<MemGuard> guards, Duration timeout) {
        return SessionMemory.purgeHoldings(
                guards.stream().map(guard -> guard.holding).toList(), timeout);
    }

    /**
     * Purges, and refuses new buffers from now on. Idempotent.
     *
     * @return what was wiped
     */
    public PurgeReport shutDown() {
        return shutDown(List.of(this));
    }

    /**
     * Shuts guards down together, as {@link #shutDown()} does one, and wipes as {@link #purge(List, Duration)}. The
     * longest wait is the longest one of a guard.
     *
     * @param guards what to end
     * @return what was wiped
     */
    public static PurgeReport shutDown(List<MemGuard> guards) {
        guards.forEach(guard -> guard.holding.refuse());
        return purge(
                guards,
                SessionMemory.longestTimeout(
                        guards.stream().map(MemGuard::sessionMemory).toList()));
    }

    /**
     * Returns the counts of this moment.
     *
     * @return an immutable snapshot
     */
    public MemGuardStatus status() {
        return memory.status(holding.vault().status(), holding.vault().memory());
    }

    @Override
    SourceReader reader(int maxSize) {
        return new SourceReader(vault, maxSize);
    }

    private LockedBuffer buffer(Region region) {
        return new LockedBuffer(region, vault);
    }

    /**
     * Overwrites an array with zeros.
     *
     * @param bytes the array
     */
    public static void wipe(byte[] bytes) {
        Bytes.wipe(bytes);
    }

    /**
     * Overwrites the bytes between a buffer's position and limit with zeros, unless it is read-only.
     *
     * @param bytes the buffer, whose position stays
     */
    public static void wipe(ByteBuffer bytes) {
        Bytes.wipe(bytes);
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
