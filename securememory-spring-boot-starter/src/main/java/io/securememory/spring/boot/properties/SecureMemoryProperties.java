package io.securememory.spring.boot.properties;

import io.securememory.Backing;
import io.securememory.PlatformFallback;
import io.securememory.SecureMemoryOptions;
import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.jca.CryptoEngine;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.CanaryPolicy;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LibcryptoUse;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.MemGuardOptions;
import io.securememory.memguard.WindowExhaustion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Settings of Secure Memory. No property ever holds a secret itself, only its location.
 *
 * @param enabled Whether Secure Memory is configured.
 * @param storage How secrets are kept while nobody reads them: protected in locked pages of their own, or sealed, that is,
 *     encrypted in ordinary memory. Sealed suits many secrets within a small limit of locked memory.
 * @param nativeAccess Way to call native code: always the foreign function and memory API, always JNA, or automatically the
 *     former on Java 22 and later and JNA on older versions.
 * @param backing Kind of memory that holds secrets. Not even root can read memory of kind memfd-secret, but it keeps the
 *     machine from hibernating. Where the kernel does not have it, anonymous memory is used and reported.
 * @param mlock Locking of memory, so that it is not swapped.
 * @param mappingReserve Number of memory mappings of the process (vm.max_map_count) to keep free for its threads, heap and
 *     libraries, because the JVM ends if it gets no more. Unset for a sixth of the mappings that the process may have.
 * @param whenLimitReached What happens when a secret of storage protected cannot be locked or mapped because a limit is
 *     reached: it is sealed instead and counted as degraded, or its creation fails. To be able to seal it, three pages are
 *     locked at the start, unless the limit is below eight pages. Even so, loading a declared secret needs locked memory for a
 *     moment.
 * @param platformFallback What happens on an operating system or processor that is not supported: the start fails, or all
 *     secrets are sealed and kept without protected memory, which is for a developer's machine only.
 * @param enclave Sealing of secrets.
 * @param crypto Computing with keys.
 * @param pool Wiped memory that is kept for the next secret.
 * @param closeTimeout Longest wait for threads that read a secret while it is closed or purged.
 * @param leakDetection What happens to secrets that become unreachable while they are open: nothing, or they are wiped and
 *     logged, some or all of them with the place where they were created.
 * @param coreDumps What is kept out of core dumps: the pages of secrets, or the whole process, which then writes no core dump.
 * @param onCanaryViolation What happens when something wrote outside the bounds of a secret: the access fails, or everything is
 *     also purged, or the process also halts after the purge.
 * @param shutdownHook Whether the shutdown of the JVM also closes the session, in case the context is never closed.
 * @param directory Directory whose files are secrets.
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
        @DefaultValue("refuse") PlatformFallback platformFallback,
        @DefaultValue Enclave enclave,
        @DefaultValue Crypto crypto,
        @DefaultValue Pool pool,

        @DefaultValue(MemGuardOptions.DEFAULT_CLOSE_SECONDS + "s")
        Duration closeTimeout,

        @DefaultValue("sampled") LeakDetection leakDetection,
        @DefaultValue("exclude-regions") CoreDumps coreDumps,
        @DefaultValue("purge") CanaryPolicy onCanaryViolation,
        @DefaultValue("false") boolean shutdownHook,
        @DefaultValue Directory directory,
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
     * @param policy What happens when memory cannot be locked and nothing is sealed instead: fail, continue with memory that
     *     may be swapped, or lock nothing at all.
     * @param limit Most memory to lock, below the limit of the operating system. Unset for no additional limit.
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
     * @param maxWindows Most windows of each size that stay locked between accesses to sealed secrets. If accesses wait for a
     *     window, also the most windows of each size that exist at all.
     * @param whenWindowsExhausted What an access to a sealed secret does when every window is in use: make another one
     *     within the limit of locked memory, or wait for one.
     * @param libcrypto Use of OpenSSL's libcrypto for sealing and opening secrets of some kilobytes, and for HmacSha256:
     *     where this machine has version 3 of it, or never.
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
     * Computing with keys.
     *
     * @param engine What computes with keys: OpenSSL's libcrypto in native memory, BouncyCastle on the heap, or automatically
     *     the former where this machine has it and the latter elsewhere.
     * @param library Absolute path of libcrypto's file. Unset for the library of version 3 that the system finds by its name, on
     *     Linux.
     */
    record Crypto(
            @DefaultValue("auto") CryptoEngine.Choice engine,
            @Nullable String library) {

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException if a value is out of its range; the message names the property
         */
        Crypto {
            library = StringUtils.hasText(library) ? library : null;
            if (library != null && !Path.of(library).isAbsolute()) {
                throw new IllegalArgumentException(
                        "securememory.crypto.library is '" + library + "', expected an absolute path");
            }
        }
    }

    /**
     * Wiped memory that is kept for reuse.
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

    /**
     * Directory whose files are secrets.
     *
     * @param location Where the directory is: a path after {@code file:}. Each file in it is a secret of the name of the file,
     *     unless it is hidden. Files that appear later are taken at the next start.
     * @param reloadInterval Time between two checks of each file, at least 100ms. Unset for never.
     */
    record Directory(@Nullable String location, @Nullable Duration reloadInterval) {}

    @Override
    public Map<String, DeclaredSecret> allSecrets() {
        return SecretsDirectory.merged(secrets, directory.location(), directory.reloadInterval());
    }

    @Override
    public int lockWarnThreshold() {
        return mlock.warnThreshold();
    }

    @Override
    public boolean expectsEngine() {
        return crypto.engine() != CryptoEngine.Choice.AUTO || crypto.library() != null;
    }

    @Override
    public CryptoEngine chooseEngine() {
        String library = crypto.library();
        return CryptoEngine.choose(crypto.engine(), library == null ? null : Path.of(library));
    }

    @Override
    public SecureMemoryOptions toOptions() {
        SecureMemoryOptions.Builder options = SecureMemoryOptions.builder()
                .storage(storage)
                .whenLimitReached(whenLimitReached)
                .platformFallback(platformFallback)
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
