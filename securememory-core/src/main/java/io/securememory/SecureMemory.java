package io.securememory;

import static io.securememory.Log.LOG;

import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.EnclaveStatus;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MemGuardStatus;
import io.securememory.memguard.SessionMemory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * A session: everything that is secret in one application, and the one place that wipes it all.
 *
 * <p><b>Guarantees.</b> Sessions do not know of each other: closing or purging one never touches another's secrets. After
 * {@link #close()} and {@link #purge()} the bytes of all secrets of this session are gone from memory, also of those that
 * are still being read (see {@link PurgeReport}).
 *
 * <p><b>Limits.</b> Secrets that are open when the process is killed are not wiped; the operating system zeroes pages
 * before it gives them to another process. A session that is dropped without a close, with everything that it made, is purged
 * and its memory given back when the garbage collector finds out, with a warning. With leak detection off only its thread
 * ends then, and its memory stays until {@link #purgeAll()}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SecureMemory implements AutoCloseable {

    /** Pages that the limit must have for three of them to be set aside. */
    private static final int SEALING_SHARE = 8;

    private final SecureMemoryOptions options;
    private final MemCall memCall;
    private final boolean secretMemory;
    private final MemGuard secretsGuard;
    private final MemGuard buffersGuard;
    private final SecretFactory protectedFactory;
    private final SealedSecretFactory sealedFactory;
    private final LongAdder sealedInstead = new LongAdder();
    private volatile long sealedInsteadAt;
    private final AtomicBoolean sealedInsteadLogged = new AtomicBoolean();
    private final LiveSessions.Entry live;

    private SecureMemory(SecureMemoryOptions options, MemCall memCall) {
        this.options = options;
        this.memCall = memCall;
        this.secretMemory = SecretMemoryProbe.isUsable(memCall, options.backing());
        this.secretsGuard = MemGuard.create(memCall, options.memGuardOptions(secretMemory), this);
        this.buffersGuard = secretsGuard.sharingLimit();
        this.sealedFactory = new SealedSecretFactory(secretsGuard);
        boolean seals = options.whenLimitReached() == WhenLimitReached.SEAL;
        this.protectedFactory =
                new ProtectedSecretFactory(secretsGuard, seals ? sealedFactory : null, this::sealedInstead);
        this.live = new LiveSessions.Entry(this, secretsGuard.sessionMemory(), options.shutdownHook());
    }

    /**
     * Opens a session with the defaults.
     *
     * @return a new session, which the caller closes
     * @throws UnsupportedPlatformException if this machine is not supported or native access is denied
     */
    public static SecureMemory create() {
        return create(SecureMemoryOptions.builder().build());
    }

    /**
     * Opens a session.
     *
     * @param options its settings
     * @return a new session, which the caller closes
     * @throws UnsupportedPlatformException if this machine is not supported or native access is denied
     * @throws MemoryCallException if core dumps are to be disabled and cannot be, or if the system lets nobody lock memory
     *     and the policy requires it
     */
    public static SecureMemory create(SecureMemoryOptions options) {
        Objects.requireNonNull(options, "options");
        return create(options, MemCalls.lookup(options.nativeAccess()));
    }

    /** Opens a session over another implementation of the operating system's calls, for tests of failures. */
    static SecureMemory create(SecureMemoryOptions options, MemCall memCall) {
        if (options.coreDumps() == CoreDumps.DISABLE_PROCESS) {
            memCall.disableCoreDumps();
        }
        SecureMemory session = new SecureMemory(options, memCall);
        LiveSessions.add(session, session.live);
        try {
            session.prepareSealing();
        } catch (RuntimeException | Error e) {
            if (e instanceof RuntimeException && session.live.isClosing()) {
                return session; // The virtual machine is shutting down, and has closed it already.
            }
            try {
                session.close();
            } catch (RuntimeException | Error suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        LOG.info("Secure memory opened by {}, {}", memCall.name(), session.limitText());
        return session;
    }

    /**
     * Takes the three pages of the key and a window while there are some, as it is too late once the limit is reached.
     * Where they would be most of the limit, sealing has to do with what is left.
     */
    private void prepareSealing() {
        long limit = secretsGuard.status().lockLimitBytes();
        boolean ample = limit < 0 || limit >= (long) SEALING_SHARE * memCall.pageSize();
        if (options.storage() == Storage.SEALED || (options.whenLimitReached() == WhenLimitReached.SEAL && ample)) {
            try {
                secretsGuard.prepareSealing();
            } catch (MemoryLimitException e) {
                LOG.warn("Nothing can be sealed for now: {}", e.getMessage());
            }
        }
    }

    /** Called when a secret that was to be protected is sealed, as a limit is reached. */
    private void sealedInstead(MemoryLimitException cause) {
        sealedInsteadAt = System.nanoTime();
        sealedInstead.increment();
        if (sealedInsteadLogged.compareAndSet(false, true)) {
            LOG.warn("Secrets are sealed instead of protected from now on: {}", cause.getMessage());
        }
    }

    /**
     * Returns the factory for the storage that the options say.
     *
     * @return always the same factory
     */
    public SecretFactory secrets() {
        return secrets(options.storage());
    }

    /**
     * Returns the factory for one storage.
     *
     * @param storage how the secrets rest
     * @return always the same factory
     */
    public SecretFactory secrets(Storage storage) {
        return switch (storage) {
            case PROTECTED -> protectedFactory;
            case SEALED -> sealedFactory;
        };
    }

    /**
     * Returns the expert API of this session.
     *
     * @return always the same guard
     */
    public MemGuard memGuard() {
        return buffersGuard;
    }

    /**
     * Returns the settings of this session.
     *
     * @return those that it was opened with
     */
    public SecureMemoryOptions options() {
        return options;
    }

    /**
     * Returns the counts of this moment. Takes no lock that a reader holds.
     *
     * @return an immutable snapshot
     */
    public SecureMemoryStatus status() {
        MemGuardStatus secrets = secretsGuard.status();
        MemGuardStatus buffers = buffersGuard.status();
        EnclaveStatus sealed = secrets.enclaves();
        EnclaveStatus enclaves = buffers.enclaves();
        return new SecureMemoryStatus(
                secrets.liveBuffers() + sealed.live(),
                secrets.liveBuffers(),
                sealed.live(),
                buffers.liveBuffers(),
                enclaves.live(),
                secrets.lockedBytes(),
                secrets.lockLimitBytes(),
                secrets.mappings(),
                secrets.mappingLimit(),
                secrets.idleRegions(),
                secrets.idleBytes(),
                sealed.windows() + enclaves.windows(),
                secrets.createdTotal() + buffers.createdTotal() + sealed.sealedTotal() + enclaves.sealedTotal(),
                secrets.closedTotal() + buffers.closedTotal() + sealed.closedTotal() + enclaves.closedTotal(),
                secrets.purgesTotal(),
                secrets.canaryViolationsTotal() + buffers.canaryViolationsTotal(),
                secrets.degradedTotal() + buffers.degradedTotal() + sealedInstead.sum(),
                secrets.liveUnlocked() + buffers.liveUnlocked(),
                sealedInsteadAgeMillis(),
                secrets.leakedTotal(),
                sealed.rekeysTotal(),
                sealed.rekeyFailuresTotal(),
                sealed.rekeyNanosTotal(),
                sealed.rekeyAgeMillis(),
                sealed.library().isEmpty() ? enclaves.library() : sealed.library(),
                memCall.name(),
                secretMemory ? "memfd-secret" : "anonymous");
    }

    private long sealedInsteadAgeMillis() {
        return sealedInstead.sum() == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sealedInsteadAt);
    }

    /**
     * Tries each protection on a page of its own and reads back from the kernel what took. Costs some milliseconds.
     *
     * @return what this machine really gives
     */
    public ProtectionReport protection() {
        return new ProtectionProbe(memCall, options, secretsGuard.sessionMemory()::makeIdleGiveWay).run();
    }

    /**
     * Wipes and releases all secrets and buffers, waiting for readers at most for the close timeout. The session stays
     * usable.
     *
     * @return what was wiped
     */
    public PurgeReport purge() {
        return purge(options.closeTimeout());
    }

    /**
     * Wipes and releases all secrets and buffers. What is still being read at the end of the timeout is wiped in place
     * and released by its last reader, whose access ends with {@link SecretClosedException}. The session stays usable.
     *
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public PurgeReport purge(Duration timeout) {
        return SessionMemory.purge(List.of(secretsGuard.sessionMemory()), timeout);
    }

    /**
     * Purges and refuses new secrets from now on. Idempotent. Logs what was wiped. What could not be given back to the
     * operating system is tried again by each further call, which waits for no reader.
     */
    @Override
    public void close() {
        try {
            LiveSessions.close(List.of(live));
        } finally {
            Reference.reachabilityFence(this); // One that is being closed is not dropped.
        }
    }

    /**
     * Purges every live session of this virtual machine. What nobody is reading is wiped in all of them before a reader of
     * any is waited for; the longest wait, for all together, is the longest close timeout. Of sessions that were dropped,
     * and of those that were closed and could not give everything back, all memory is given back.
     *
     * @return the sums
     */
    public static PurgeReport purgeAll() {
        return LiveSessions.purge();
    }

    /**
     * Purges every live session and ends the virtual machine. Inside of an access it does not wait for that one, nor does the
     * shutdown after it; other readers have the close timeout.
     *
     * @param status exit status
     */
    public static void safeExit(int status) {
        purgeAll();
        Runtime.getRuntime().exit(status);
    }

    /**
     * Purges every live session, then throws. For a state that must not occur: {@code throw SecureMemory.safePanic("...")}.
     *
     * @param message what happened, without any secret
     * @return never
     * @throws IllegalStateException always, with the message
     */
    public static RuntimeException safePanic(String message) {
        purgeAll();
        throw new IllegalStateException(message);
    }

    private String limitText() {
        long limit = secretsGuard.status().lockLimitBytes();
        return limit < 0 ? "lock limit: none" : "lock limit: " + limit + " bytes";
    }

    @Override
    public String toString() {
        return "SecureMemory[" + (live.isClosing() ? "closed" : "open") + ", " + memCall.name() + "]";
    }
}
