package io.securememory;

import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.CanaryPolicy;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.MemGuardOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * Settings of a {@link SecureMemory} session. Made by {@link #builder()}.
 *
 * @param nativeAccess how native code is called
 * @param backing which kind of memory holds secrets
 * @param lockPolicy what happens when memory cannot be locked
 * @param lockLimitBytes most bytes that this session may lock, in addition to the operating system's limit; -1 for no
 *     such limit
 * @param mappingReserve memory mappings to keep free for the rest of the process; -1 for a sixth of the mappings that
 *     the process may have
 * @param closeTimeout longest wait for readers on close and purge
 * @param coreDumps what is kept out of core dumps
 * @param poolMaxIdle most wiped regions to keep, still locked, for reuse; 0 keeps none
 * @param leakDetection what happens to secrets that become unreachable while they are open
 * @param canaryPolicy what happens when a canary is found to be overwritten
 * @param shutdownHook whether the session is closed when the JVM shuts down
 * @param storage how the secrets of {@link SecureMemory#secrets()} are stored between accesses
 * @param whenLimitReached what happens when a protected secret cannot be locked or mapped because a limit is reached
 * @param platformFallback what happens on a platform that is not supported
 * @param enclaves settings of everything sealed: rekey interval, size of stream parts, windows
 */
public record SecureMemoryOptions(
        NativeAccess nativeAccess,
        Backing backing,
        LockPolicy lockPolicy,
        long lockLimitBytes,
        long mappingReserve,
        Duration closeTimeout,
        CoreDumps coreDumps,
        int poolMaxIdle,
        LeakDetection leakDetection,
        CanaryPolicy canaryPolicy,
        boolean shutdownHook,
        Storage storage,
        WhenLimitReached whenLimitReached,
        PlatformFallback platformFallback,
        EnclaveOptions enclaves) {

    /** What is kept out of core dumps. */
    public enum CoreDumps {
        /** The pages of secrets. */
        EXCLUDE_REGIONS,
        /**
         * Everything: there is no core dump of the process at all, neither in a file nor for a crash handler. Sets its
         * soft limit for core dumps ({@link io.securememory.memcall.MemCall#disableCoreDumps} says to what), which stays
         * so after the session is closed.
         */
        DISABLE_PROCESS
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names it
     */
    public SecureMemoryOptions {
        Objects.requireNonNull(nativeAccess, "nativeAccess");
        Objects.requireNonNull(backing, "backing");
        Objects.requireNonNull(coreDumps, "coreDumps");
        Objects.requireNonNull(storage, "storage");
        Objects.requireNonNull(whenLimitReached, "whenLimitReached");
        Objects.requireNonNull(platformFallback, "platformFallback");
        new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                mappingReserve,
                closeTimeout,
                poolMaxIdle,
                leakDetection,
                canaryPolicy,
                false,
                enclaves);
    }

    /**
     * Returns a builder with the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    MemGuardOptions memGuardOptions(boolean secretMemory) {
        return new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                mappingReserve,
                closeTimeout,
                poolMaxIdle,
                leakDetection,
                canaryPolicy,
                secretMemory,
                enclaves);
    }

    /** Collects settings. Not safe for use by several threads. */
    public static final class Builder {

        private NativeAccess nativeAccess = NativeAccess.AUTO;
        private Backing backing = Backing.AUTO;
        private LockPolicy lockPolicy = MemGuardOptions.DEFAULTS.lockPolicy();
        private long lockLimitBytes = MemGuardOptions.DEFAULTS.lockLimitBytes();
        private long mappingReserve = MemGuardOptions.DEFAULTS.mappingReserve();
        private Duration closeTimeout = MemGuardOptions.DEFAULTS.closeTimeout();
        private CoreDumps coreDumps = CoreDumps.EXCLUDE_REGIONS;
        private int poolMaxIdle = MemGuardOptions.DEFAULTS.maxIdle();
        private LeakDetection leakDetection = MemGuardOptions.DEFAULTS.leakDetection();
        private CanaryPolicy canaryPolicy = CanaryPolicy.PURGE;
        private boolean shutdownHook = true;
        private Storage storage = Storage.PROTECTED;
        private WhenLimitReached whenLimitReached = WhenLimitReached.SEAL;
        private PlatformFallback platformFallback = PlatformFallback.REFUSE;
        private EnclaveOptions enclaves = MemGuardOptions.DEFAULTS.enclaves();

        private Builder() {}

        /**
         * Sets how native code is called.
         *
         * @param value the way; default {@link NativeAccess#AUTO}
         * @return this builder
         */
        public Builder nativeAccess(NativeAccess value) {
            nativeAccess = value;
            return this;
        }

        /**
         * Sets which kind of memory holds secrets.
         *
         * @param value the kind; default {@link Backing#AUTO}
         * @return this builder
         */
        public Builder backing(Backing value) {
            backing = value;
            return this;
        }

        /**
         * Sets what happens when memory cannot be locked.
         *
         * @param value the policy; default {@link LockPolicy#REQUIRE}
         * @return this builder
         */
        public Builder lockPolicy(LockPolicy value) {
            lockPolicy = value;
            return this;
        }

        /**
         * Sets how many bytes this session may lock at most. The operating system's limit applies, too.
         *
         * @param value bytes, or -1 for no limit of the session, which is the default
         * @return this builder
         */
        public Builder lockLimitBytes(long value) {
            lockLimitBytes = value;
            return this;
        }

        /**
         * Sets how many mappings of the process ({@code vm.max_map_count}) are kept free for its threads, heap and
         * libraries. A request that would use one of them is handled like one at the limit of locked memory, also under
         * policy best-effort.
         *
         * @param value number of mappings, or -1 for a sixth of the mappings that the process may have, which is the
         *     default
         * @return this builder
         */
        public Builder mappingReserve(long value) {
            mappingReserve = value;
            return this;
        }

        /**
         * Sets the longest wait for readers on close and purge.
         *
         * @param value the wait; default {@value MemGuardOptions#DEFAULT_CLOSE_SECONDS} seconds
         * @return this builder
         */
        public Builder closeTimeout(Duration value) {
            closeTimeout = value;
            return this;
        }

        /**
         * Sets what is kept out of core dumps.
         *
         * @param value the scope; default {@link CoreDumps#EXCLUDE_REGIONS}
         * @return this builder
         */
        public Builder coreDumps(CoreDumps value) {
            coreDumps = value;
            return this;
        }

        /**
         * Sets how many wiped regions are kept, still locked, for reuse.
         *
         * @param value number of regions; 0 keeps none; default {@value MemGuardOptions#DEFAULT_MAX_IDLE}
         * @return this builder
         */
        public Builder poolMaxIdle(int value) {
            poolMaxIdle = value;
            return this;
        }

        /**
         * Sets what happens to secrets that become unreachable while they are open.
         *
         * @param value the detection; default {@link LeakDetection#SAMPLED}
         * @return this builder
         */
        public Builder leakDetection(LeakDetection value) {
            leakDetection = value;
            return this;
        }

        /**
         * Sets what happens when a canary is found to be overwritten.
         *
         * @param value the policy; default {@link CanaryPolicy#PURGE}
         * @return this builder
         */
        public Builder canaryPolicy(CanaryPolicy value) {
            canaryPolicy = value;
            return this;
        }

        /**
         * Sets whether the session is closed when the JVM shuts down.
         *
         * @param value true, which is the default, to close it then
         * @return this builder
         */
        public Builder shutdownHook(boolean value) {
            shutdownHook = value;
            return this;
        }

        /**
         * Sets how the secrets of {@link SecureMemory#secrets()} are stored between accesses.
         *
         * @param value the storage; default {@link Storage#PROTECTED}
         * @return this builder
         */
        public Builder storage(Storage value) {
            storage = value;
            return this;
        }

        /**
         * Sets what happens when a protected secret cannot be locked or mapped because a limit is reached.
         *
         * @param value what happens; default {@link WhenLimitReached#SEAL}
         * @return this builder
         */
        public Builder whenLimitReached(WhenLimitReached value) {
            whenLimitReached = value;
            return this;
        }

        /**
         * Sets what happens on an operating system or processor that is not supported.
         *
         * @param value what happens; default {@link PlatformFallback#REFUSE}
         * @return this builder
         */
        public Builder platformFallback(PlatformFallback value) {
            platformFallback = value;
            return this;
        }

        /**
         * Sets the rekey interval, the size of stream parts, and the windows of everything sealed.
         *
         * @param value the settings; default {@link EnclaveOptions#DEFAULTS}
         * @return this builder
         */
        public Builder enclaves(EnclaveOptions value) {
            enclaves = value;
            return this;
        }

        /**
         * Makes the settings.
         *
         * @return the settings
         * @throws IllegalArgumentException if a value is out of its range; the message names it
         */
        public SecureMemoryOptions build() {
            return new SecureMemoryOptions(
                    nativeAccess,
                    backing,
                    lockPolicy,
                    lockLimitBytes,
                    mappingReserve,
                    closeTimeout,
                    coreDumps,
                    poolMaxIdle,
                    leakDetection,
                    canaryPolicy,
                    shutdownHook,
                    storage,
                    whenLimitReached,
                    platformFallback,
                    enclaves);
        }
    }
}
