package io.securememory.spring.boot.properties;

import io.securememory.Backing;
import io.securememory.SecureMemoryOptions;
import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.CanaryPolicy;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LibcryptoUse;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.MemGuardOptions;
import io.securememory.memguard.WindowExhaustion;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of Secure Memory. No property ever holds a secret's text, only where to find it.
 *
 * @param enabled Whether Secure Memory is configured.
 * @param storage How secrets rest: protected in locked pages of their own, or sealed, which is encrypted in ordinary memory
 *     and for many secrets within a small limit of locked memory.
 * @param nativeAccess Way to call native code: the foreign function and memory API on Java 22 and later and JNA before, or
 *     one of them.
 * @param backing Kind of memory that holds secrets. Memory of kind memfd-secret cannot be read by root either, but keeps the
 *     machine from hibernating; where the kernel has none, anonymous memory is used and reported.
 * @param mlock Locking of memory against being swapped.
 * @param mappingReserve Number of memory mappings of the process (vm.max_map_count) to keep free for its threads, heap and
 *     libraries, as the virtual machine ends without them. Unset for a sixth of those that the process may have.
 * @param whenLimitReached What happens when a secret of storage protected cannot be locked or mapped, as a limit is reached: it is
 *     sealed instead and counted as degraded, or its creation fails. For the former, three pages are locked at start unless
 *     the limit is below eight. Loading a declared secret takes locked memory for a moment all the same.
 * @param enclave Sealing of secrets.
 * @param pool Wiped memory that is kept for the next secret.
 * @param closeTimeout Longest wait for threads that read a secret while it is closed or purged.
 * @param leakDetection What happens with secrets that become unreachable while they are open: nothing, or they are wiped and
 *     logged, some or all of them with the place where they were created.
 * @param coreDumps What is kept out of core dumps: the pages of secrets, or the whole process by writing no core dump.
 * @param onCanaryViolation What happens when something wrote outside the bounds of a secret: the access fails, everything is
 *     purged, too, or the process halts after that.
 * @param shutdownHook Whether the virtual machine's shutdown closes the session, too, in case the context is never closed.
 * @param secrets Secrets to load into protected memory at start, by name. Each becomes a bean of type Secret of this name.
 */
@ConfigurationProperties(SecureMemorySettings.PREFIX)
record SecureMemoryProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("protected") Storage storage,
        @DefaultValue("auto") NativeAccess nativeAccess,
        @DefaultValue("auto") Backing backing,
        @DefaultValue Mlock mlock,
        @Nullable Long mappingReserve,
        @DefaultValue("seal") WhenLimitReached whenLimitReached,
        @DefaultValue Enclave enclave,
        @DefaultValue Pool pool,

        @DefaultValue(MemGuardOptions.DEFAULT_CLOSE_SECONDS + "s")
        Duration closeTimeout,

        @DefaultValue("sampled") LeakDetection leakDetection,
        @DefaultValue("exclude-regions") CoreDumps coreDumps,
        @DefaultValue("purge") CanaryPolicy onCanaryViolation,
        @DefaultValue("false") boolean shutdownHook,
        @DefaultValue Map<String, DeclaredSecret> secrets)
        implements SecureMemorySettings {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names the property
     */
    SecureMemoryProperties {
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "securememory.close-timeout is " + Durations.inWords(closeTimeout) + ", expected zero or more");
        }
        if (mappingReserve != null && mappingReserve < 0) {
            throw new IllegalArgumentException(
                    "securememory.mapping-reserve is " + mappingReserve + ", expected zero or more");
        }
        secrets = Map.copyOf(SecretNames.withoutAliases(secrets));
    }

    /**
     * Locking of memory.
     *
     * @param policy What happens when memory cannot be locked and nothing is sealed instead: fail, go on with memory that may
     *     be swapped, or lock nothing at all.
     * @param limit Most memory to lock, below the limit of the operating system. Unset for no limit of its own.
     * @param warnThreshold Percentage of the limit from which the health shows a warning.
     */
    record Mlock(
            @DefaultValue("require") LockPolicy policy,
            @Nullable DataSize limit,
            @DefaultValue("80") int warnThreshold) {

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException if a value is out of its range; the message names the property
         */
        Mlock {
            if (limit != null && limit.isNegative()) {
                throw new IllegalArgumentException("securememory.mlock.limit is " + limit + ", expected zero or more");
            }
            if (warnThreshold < 1 || warnThreshold > 100) {
                throw new IllegalArgumentException("securememory.mlock.warn-threshold is " + warnThreshold
                        + ", expected a percentage of 1 to 100");
            }
        }
    }

    /**
     * Sealing of secrets.
     *
     * @param rekeyInterval Time after which both halves of the key are replaced. 0 for never.
     * @param streamChunkSize Size of plaintext in each part of a sealed stream.
     * @param maxWindows Most windows of each size that stay locked between accesses to sealed secrets, and most that there
     *     are at all if an access waits for one.
     * @param whenWindowsExhausted What an access to a sealed secret does when every window is in use: make another one
     *     within the limit of locked memory, or wait for one.
     * @param libcrypto What seals and opens secrets of some kilobytes: OpenSSL's libcrypto where this machine has version 3 of
     *     it, or never.
     */
    record Enclave(
            @DefaultValue(EnclaveOptions.DEFAULT_REKEY_MILLIS + "ms")
            Duration rekeyInterval,

            @DefaultValue(EnclaveOptions.DEFAULT_STREAM_CHUNK_SIZE / 1024 + "KB")
            DataSize streamChunkSize,

            @DefaultValue("" + EnclaveOptions.DEFAULT_MAX_WINDOWS)
            int maxWindows,

            @DefaultValue("grow") WindowExhaustion whenWindowsExhausted,
            @DefaultValue("auto") LibcryptoUse libcrypto) {

        private static final DataSize MAX_STREAM_CHUNK_SIZE = DataSize.ofBytes(EnclaveOptions.MAX_STREAM_CHUNK_SIZE);

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException if a value is out of its range; the message names the property
         */
        Enclave {
            if (!rekeyInterval.isZero()
                    && (rekeyInterval.compareTo(EnclaveOptions.MIN_REKEY_INTERVAL) < 0
                            || rekeyInterval.compareTo(EnclaveOptions.MAX_REKEY_INTERVAL) > 0)) {
                throw new IllegalArgumentException(
                        "securememory.enclave.rekey-interval is " + Durations.inWords(rekeyInterval)
                                + ", expected zero or " + EnclaveOptions.MIN_REKEY_INTERVAL.toMillis() + "ms to "
                                + EnclaveOptions.MAX_REKEY_INTERVAL.toDays() + "d");
            }
            if (streamChunkSize.toBytes() < 1 || streamChunkSize.compareTo(MAX_STREAM_CHUNK_SIZE) > 0) {
                throw new IllegalArgumentException("securememory.enclave.stream-chunk-size is " + streamChunkSize
                        + ", expected 1B to " + MAX_STREAM_CHUNK_SIZE.toMegabytes() + "MB");
            }
            if (maxWindows < 1 || maxWindows > EnclaveOptions.MAX_WINDOWS) {
                throw new IllegalArgumentException("securememory.enclave.max-windows is " + maxWindows
                        + ", expected 1 to " + EnclaveOptions.MAX_WINDOWS);
            }
        }

        EnclaveOptions toOptions() {
            return new EnclaveOptions(
                    rekeyInterval, (int) streamChunkSize.toBytes(), maxWindows, whenWindowsExhausted, libcrypto);
        }
    }

    /**
     * Wiped memory that is kept.
     *
     * @param maxIdle Most wiped regions to keep locked for reuse. 0 keeps none.
     */
    record Pool(
            @DefaultValue("" + MemGuardOptions.DEFAULT_MAX_IDLE)
            int maxIdle) {

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException if a value is out of its range; the message names the property
         */
        Pool {
            if (maxIdle < 0) {
                throw new IllegalArgumentException(
                        "securememory.pool.max-idle is " + maxIdle + ", expected zero or more");
            }
        }
    }

    @Override
    public int lockWarnThreshold() {
        return mlock.warnThreshold();
    }

    @Override
    public SecureMemoryOptions toOptions() {
        SecureMemoryOptions.Builder options = SecureMemoryOptions.builder()
                .storage(storage)
                .whenLimitReached(whenLimitReached)
                .enclaves(enclave.toOptions())
                .nativeAccess(nativeAccess)
                .lockPolicy(mlock.policy())
                .closeTimeout(closeTimeout)
                .coreDumps(coreDumps)
                .backing(backing)
                .poolMaxIdle(pool.maxIdle())
                .leakDetection(leakDetection)
                .canaryPolicy(onCanaryViolation)
                .shutdownHook(shutdownHook);
        if (mappingReserve != null) {
            options.mappingReserve(mappingReserve);
        }
        DataSize limit = mlock.limit();
        return (limit == null ? options : options.lockLimitBytes(limit.toBytes())).build();
    }
}
