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
 * Makes {@link LockedBuffer}s, {@link Enclave}s and {@link EnclaveStream}s, and can purge all of them.
 *
 * <p><b>Guarantees.</b> A buffer is filled before the caller gets it. If a method wipes its source, it does so in every
 * case, also when it throws. A call that fails leaves nothing behind and touches no other buffer. Methods that make a
 * buffer or seal throw {@link MemoryLimitException} if memory cannot be locked and the policy requires it, or not be
 * mapped, and {@link IllegalStateException} after {@link #shutDown()}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 *
 * <p>Obtained from {@link io.securememory.SecureMemory#memGuard()}. Closing that session shuts the guard down.
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
     * Creates a guard for use without a session. The caller shuts it down.
     *
     * @param memCall makes the system calls; a caller's own implementation is trusted like native code
     * @param options limits and timeouts
     * @return a new guard
     */
    public static MemGuard create(MemCall memCall, MemGuardOptions options) {
        return create(memCall, options, new Object());
    }

    /**
     * Creates a guard that belongs to an owner, such as a session.
     *
     * @param memCall makes the system calls
     * @param options limits and timeouts
     * @param owner kept reachable by the guard and all that it makes; when it is not any more, all is shut down, unless
     *     leak detection is off
     * @return a new guard
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
     * Creates a second guard of the same session. It shares this guard's limits and idle regions, and has its own
     * counts and its own {@link #purge()}. The session purges both and shuts both down.
     *
     * @return a new guard
     */
    public MemGuard sharingLimit() {
        return new MemGuard(session, vault.owner());
    }

    /**
     * Returns the memory of all guards of this session, so that it can be purged without keeping a guard reachable.
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
     * @throws MemoryLimitException if it cannot be locked and the policy requires it, or not be mapped
     */
    public LockedBuffer allocate(int size) {
        return vault.allocate(size);
    }

    /**
     * Makes a frozen buffer of the bytes that an action writes into native memory.
     *
     * @param size bytes, at least 1
     * @param filler gets a view of zeros that is valid until the action returns
     * @param <E> type of the action's checked exception
     * @return the buffer, which the caller closes
     * @throws E if the action throws it; what it wrote is wiped then
     */
    public <E extends Exception> LockedBuffer allocate(int size, MutableViewConsumer<E> filler) throws E {
        return buffer(memory.createFilled(size, Objects.requireNonNull(filler, "filler")));
    }

    /**
     * Makes a frozen buffer of random bytes of the operating system.
     *
     * @param size bytes, at least 1
     * @return the buffer, which the caller closes
     * @throws IllegalArgumentException if the size is not positive or above 512 MiB
     */
    public LockedBuffer random(int size) {
        return buffer(memory.create(size, true, RegionData::fillRandom));
    }

    /**
     * Makes a frozen buffer of the bytes of an array. The array is wiped in every case.
     *
     * @param source at least one byte; zeros afterwards
     * @return the buffer, which the caller closes
     * @throws IllegalArgumentException if the source is empty or longer than 512 MiB
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
     * Seals the bytes of an array. The array is wiped in every case.
     *
     * @param source at least one byte; zeros afterwards
     * @return the enclave, which the caller closes
     * @throws IllegalArgumentException if the source is empty or longer than 512 MiB
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
     * Seals the bytes that an action writes into native memory.
     *
     * @param size bytes, at least 1
     * @param filler gets a view of zeros that is valid until the action returns
     * @param <E> type of the action's checked exception
     * @return the enclave, which the caller closes
     * @throws E if the action throws it; what it wrote is wiped then
     */
    public <E extends Exception> Enclave seal(int size, MutableViewConsumer<E> filler) throws E {
        Objects.requireNonNull(filler, "filler");
        return vault.seal(size, filler);
    }

    /**
     * Seals random bytes of the operating system. They exist nowhere else.
     *
     * @param size bytes, at least 1
     * @return the enclave, which the caller closes
     * @throws IllegalArgumentException if the size is not positive or above 512 MiB
     */
    public Enclave sealRandom(int size) {
        return seal(size, target -> ((Lease) target).fillRandom());
    }

    /** Takes the three pages that sealing needs now, so that it still works when a limit is reached later. */
    public void prepareSealing() {
        vault.prepare();
    }

    /**
     * Makes an empty stream whose parts have the size that the options name.
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
     * Wipes and releases all buffers, waiting for readers for at most the close timeout; see {@link #purge(Duration)}.
     *
     * @return what was wiped
     */
    public PurgeReport purge() {
        return purge(session.shared().options().closeTimeout());
    }

    /**
     * Wipes and releases all buffers, and makes all enclaves unreadable for good. Buffers that are still being read at
     * the end of the timeout are wiped in place; the last reader releases them. Buffers that are created during the
     * purge stay usable, or their creation fails with {@link io.securememory.SecretClosedException}.
     *
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public PurgeReport purge(Duration timeout) {
        return purge(List.of(this), timeout);
    }

    /**
     * Purges guards together. Buffers that nobody is reading are wiped in all guards before this waits for any reader.
     *
     * @param guards the guards to purge
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public static PurgeReport purge(List<MemGuard> guards, Duration timeout) {
        return SessionMemory.purgeHoldings(
                guards.stream().map(guard -> guard.holding).toList(), timeout);
    }

    /**
     * Purges, and makes nothing from then on. Idempotent.
     *
     * @return what was wiped
     */
    public PurgeReport shutDown() {
        return shutDown(List.of(this));
    }

    /**
     * Shuts several guards down together. Purges them as {@link #purge(List, Duration)} does, with the longest close
     * timeout of the guards.
     *
     * @param guards the guards to shut down
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
     * Returns counts of this guard as they are now.
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
     * @param bytes the buffer, whose position does not change
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
     * Compares two arrays. The time taken depends on their lengths only, not on the bytes.
     *
     * @param a one array
     * @param b another array
     * @return true if the lengths and all bytes are equal
     */
    public static boolean constantTimeEquals(byte[] a, byte[] b) {
        return MessageDigest.isEqual(Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
    }
}
