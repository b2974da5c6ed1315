package io.securememory;

import static io.securememory.Log.LOG;

import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.EnclaveStatus;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MemGuardOptions;
import io.securememory.memguard.MemGuardStatus;
import io.securememory.memguard.SessionMemory;
import io.securememory.report.AskedFor;
import io.securememory.report.ProtectionProbe;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * A session: owns all secrets of one application, or of one part of it, and wipes them all when it is closed.
 *
 * <p><b>Guarantees.</b> Sessions are independent: closing or purging one never touches another one's secrets. After
 * {@link #close()} and {@link #purge()} the bytes of all secrets of this session are wiped from memory, also of those
 * that are still being read. {@link PurgeReport} counts the exceptions: memory that could not be wiped or given back.
 *
 * <p><b>Limits.</b> If the process is killed, open secrets are not wiped; the operating system zeroes pages before it
 * gives them to another process. If an application drops a session without closing it, and everything that the session
 * made, the garbage collector finds that out some time later. The session is then purged, its memory is given back, and
 * a warning is logged. With leak detection off, only its thread ends then; its memory stays until {@link #purgeAll()}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SecureMemory implements AutoCloseable {

    /** Smallest lock limit, in pages, at which three pages are set aside for sealing. */
    private static final int SEALING_SHARE = 8;

    private final SecureMemoryOptions options;
    private final MemCall memCall;
    private final boolean secretMemory;

    /** Whether the platform is not known, so that nothing can be protected and everything is sealed. */
    private final boolean ordinaryMemory;

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
        this.ordinaryMemory = MemCalls.isOrdinaryMemory(memCall);
        this.secretMemory = !ordinaryMemory && SecretMemoryProbe.isUsable(memCall, options.backing());
        this.secretsGuard = MemGuard.create(memCall, guardOptions(), this);
        this.buffersGuard = secretsGuard.sharingLimit();
        this.sealedFactory = new SealedSecretFactory(secretsGuard);
        this.protectedFactory = ordinaryMemory ? sealedFactory : protectedFactory();
        this.live = new LiveSessions.Entry(this, secretsGuard.sessionMemory(), options.shutdownHook());
    }

    private MemGuardOptions guardOptions() {
        MemGuardOptions guard = options.memGuardOptions(secretMemory);
        return ordinaryMemory ? guard.withLockPolicy(LockPolicy.OFF) : guard;
    }

    private SecretFactory protectedFactory() {
        boolean seals = options.whenLimitReached() == WhenLimitReached.SEAL;
        return new ProtectedSecretFactory(secretsGuard, seals ? sealedFactory : null, this::sealedInstead);
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
        return create(options, memCall(options));
    }

    private static MemCall memCall(SecureMemoryOptions options) {
        if (options.platformFallback() == PlatformFallback.REFUSE || MemCalls.isPlatformSupported()) {
            return MemCalls.lookup(options.nativeAccess());
        }
        LOG.warn(
                "NO MEMORY IS PROTECTED: {} on {} is not supported, and the platform fallback is sealed-only. Secrets are"
                        + " sealed, but their key, and secrets while they are read, can be swapped and are in core dumps. Do"
                        + " not use this for real secrets.",
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        return MemCalls.ordinaryMemory();
    }

    /** Opens a session that makes its system calls through the given object. For tests of failures. */
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
                return session; // The JVM is shutting down, and has closed it already.
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
     * Takes the three pages that sealing needs, two for the key and one for a window, before the lock limit is reached.
     * Does nothing if three pages would be a large part of the limit: sealing then takes what is left when it is first
     * used.
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

    /** Called when a secret was sealed instead of protected because a limit was reached. */
    private void sealedInstead(MemoryLimitException cause) {
        sealedInsteadAt = System.nanoTime();
        sealedInstead.increment();
        if (sealedInsteadLogged.compareAndSet(false, true)) {
            LOG.warn("Secrets are sealed instead of protected from now on: {}", cause.getMessage());
        }
    }

    /**
     * Returns the factory for the storage that the options name.
     *
     * @return always the same factory
     */
    public SecretFactory secrets() {
        return secrets(options.storage());
    }

    /**
     * Returns the factory for one storage.
     *
     * @param storage how the secrets are stored between accesses
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
     * @return the settings that it was opened with
     */
    public SecureMemoryOptions options() {
        return options;
    }

    /**
     * Returns counts of this session as they are now. Does not wait for readers.
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
                secrets.degradedTotal()
                        + buffers.degradedTotal()
                        + (ordinaryMemory ? sealed.sealedTotal() : sealedInstead.sum()),
                secrets.liveUnlocked() + buffers.liveUnlocked(),
                sealedInsteadAgeMillis(),
                secrets.leakedTotal(),
                sealed.rekeysTotal(),
                sealed.rekeyFailuresTotal(),
                sealed.rekeyNanosTotal(),
                sealed.rekeyAgeMillis(),
                sealed.library().isEmpty() ? enclaves.library() : sealed.library(),
                memCall.name(),
                backing());
    }

    private String backing() {
        if (ordinaryMemory) {
            return "ordinary";
        }
        return secretMemory ? "memfd-secret" : "anonymous";
    }

    private long sealedInsteadAgeMillis() {
        return sealedInstead.sum() == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sealedInsteadAt);
    }

    /**
     * Tries each protection on new pages, asks the kernel which of them are in force, and reads the settings of the machine
     * and of the JVM that matter for secrets. What cannot be found out is in the report as unknown.
     *
     * <p>Takes some milliseconds; the first time about a tenth of a second more, for loading what tells the options of
     * the JVM.
     *
     * @return what is protected on this machine
     */
    public ProtectionReport protection() {
        return new ProtectionProbe(memCall, askedFor(), secretsGuard.sessionMemory()::makeIdleGiveWay).run();
    }

    private AskedFor askedFor() {
        AskedFor.SecretMemory hidden = options.backing() == Backing.MEMFD_SECRET
                ? (secretMemory ? AskedFor.SecretMemory.IN_USE : AskedFor.SecretMemory.REFUSED)
                : AskedFor.SecretMemory.NOT_ASKED_FOR;
        return new AskedFor(options.lockPolicy(), options.coreDumps() == CoreDumps.DISABLE_PROCESS, hidden);
    }

    /**
     * Wipes and releases all secrets and buffers. Waits for readers for at most the close timeout of the options, see
     * {@link #purge(Duration)}. The session stays usable.
     *
     * @return what was wiped
     */
    public PurgeReport purge() {
        return purge(options.closeTimeout());
    }

    /**
     * Wipes and releases all secrets and buffers. Secrets that are still being read at the end of the timeout are wiped
     * in place; the last reader releases the memory, and its access ends with {@link SecretClosedException}. The
     * session stays usable.
     *
     * @param timeout longest wait for all readers together; zero waits for none
     * @return what was wiped
     */
    public PurgeReport purge(Duration timeout) {
        return SessionMemory.purge(List.of(secretsGuard.sessionMemory()), timeout);
    }

    /**
     * Purges this session, refuses new secrets from then on, and logs what was wiped. Waits for readers for at most the
     * close timeout. Idempotent: each further call only tries again to give back memory that the operating system did
     * not take, and waits for no reader.
     */
    @Override
    public void close() {
        try {
            LiveSessions.close(List.of(live));
        } finally {
            Reference.reachabilityFence(this); // A session that is being closed does not count as dropped.
        }
    }

    /**
     * Purges all live sessions of this JVM together. Secrets that nobody is reading are wiped in all sessions before
     * this waits for any reader. It waits for all readers together, for at most the longest close timeout of the
     * sessions. It also gives back the memory of sessions that were dropped without a close, and of closed sessions
     * that could not give everything back.
     *
     * @return the sums over all sessions
     */
    public static PurgeReport purgeAll() {
        return LiveSessions.purge();
    }

    /**
     * Purges all live sessions, then ends the JVM. May be called inside an access: neither this purge nor the shutdown
     * hook waits for the access of the calling thread. Other readers have the close timeout to leave.
     *
     * @param status exit status
     */
    public static void safeExit(int status) {
        purgeAll();
        Runtime.getRuntime().exit(status);
    }

    /**
     * Purges all live sessions, then throws. For a state that must never occur: {@code throw
     * SecureMemory.safePanic("...")}.
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
