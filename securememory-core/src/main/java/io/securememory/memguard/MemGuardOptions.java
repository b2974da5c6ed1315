package io.securememory.memguard;

import io.securememory.memcall.MemoryLockLimit;
import java.time.Duration;
import java.util.Objects;

/**
 * Settings of a {@link MemGuard}. Immutable; each {@code with} method returns changed settings.
 *
 * @param lockPolicy what happens when memory cannot be locked
 * @param lockLimitBytes own limit of locked bytes below the operating system's, or {@link MemoryLockLimit#UNLIMITED}
 * @param mappingReserve mappings of the process to keep free for all else in it, its threads, heap and libraries, or
 *     {@link #DEFAULT_MAPPING_RESERVE}; there is no limit where the operating system has none or does not say
 * @param closeTimeout longest wait for readers on close and purge
 * @param maxIdle most wiped regions to keep for reuse; 0 keeps none. They take 4 MiB at most, or a quarter of a smaller
 *     limit of locked bytes if that is 64 KiB or more
 * @param leakDetection what happens with buffers that become unreachable while they are open
 * @param canaryPolicy what happens when an overwritten canary is found
 * @param secretMemory whether pages are taken out of the kernel's own reach, see
 *     {@link io.securememory.memcall.MemCall#hideFromKernel}
 * @param enclaves settings of enclaves and streams
 */
public record MemGuardOptions(
        LockPolicy lockPolicy,
        long lockLimitBytes,
        long mappingReserve,
        Duration closeTimeout,
        int maxIdle,
        LeakDetection leakDetection,
        CanaryPolicy canaryPolicy,
        boolean secretMemory,
        EnclaveOptions enclaves) {

    /** Stands for a sixth of the mappings that the process may have. */
    public static final long DEFAULT_MAPPING_RESERVE = -1;

    /**
     * Require locks, no limit of its own, a sixth of the mappings kept free, wait 10 seconds, keep 64 idle regions, sample leaks, throw on an overwritten
     * canary, anonymous memory, {@link EnclaveOptions#DEFAULTS}.
     */
    public static final MemGuardOptions DEFAULTS = new MemGuardOptions(
            LockPolicy.REQUIRE,
            MemoryLockLimit.UNLIMITED,
            DEFAULT_MAPPING_RESERVE,
            Duration.ofSeconds(10),
            64,
            LeakDetection.SAMPLED,
            CanaryPolicy.THROW,
            false,
            EnclaveOptions.DEFAULTS);

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names it
     */
    public MemGuardOptions {
        Objects.requireNonNull(lockPolicy, "lockPolicy");
        Objects.requireNonNull(leakDetection, "leakDetection");
        Objects.requireNonNull(canaryPolicy, "canaryPolicy");
        Objects.requireNonNull(enclaves, "enclaves");
        if (lockLimitBytes < MemoryLockLimit.UNLIMITED) {
            throw new IllegalArgumentException("lockLimitBytes is " + lockLimitBytes + ", expected -1 or more");
        }
        if (mappingReserve < DEFAULT_MAPPING_RESERVE) {
            throw new IllegalArgumentException("mappingReserve is " + mappingReserve + ", expected -1 or more");
        }
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "closeTimeout is " + Times.inWords(closeTimeout) + ", expected 0 or more");
        }
        if (maxIdle < 0) {
            throw new IllegalArgumentException("maxIdle is " + maxIdle + ", expected 0 or more");
        }
    }

    /**
     * Changes what happens when memory cannot be locked.
     *
     * @param value the policy
     * @return changed settings
     */
    public MemGuardOptions withLockPolicy(LockPolicy value) {
        return new MemGuardOptions(
                value,
                lockLimitBytes,
                mappingReserve,
                closeTimeout,
                maxIdle,
                leakDetection,
                canaryPolicy,
                secretMemory,
                enclaves);
    }

    /**
     * Changes the own limit of locked memory.
     *
     * @param value bytes, or -1 for none
     * @return changed settings
     */
    public MemGuardOptions withLockLimitBytes(long value) {
        return new MemGuardOptions(
                lockPolicy,
                value,
                mappingReserve,
                closeTimeout,
                maxIdle,
                leakDetection,
                canaryPolicy,
                secretMemory,
                enclaves);
    }

    /**
     * Changes how many mappings of the process are kept free.
     *
     * @param value number of mappings, or -1 for a sixth of those that it may have
     * @return changed settings
     */
    public MemGuardOptions withMappingReserve(long value) {
        return new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                value,
                closeTimeout,
                maxIdle,
                leakDetection,
                canaryPolicy,
                secretMemory,
                enclaves);
    }

    /**
     * Changes the longest wait for readers.
     *
     * @param value the wait
     * @return changed settings
     */
    public MemGuardOptions withCloseTimeout(Duration value) {
        return new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                mappingReserve,
                value,
                maxIdle,
                leakDetection,
                canaryPolicy,
                secretMemory,
                enclaves);
    }

    /**
     * Changes how many wiped regions are kept.
     *
     * @param value number of regions, 0 for none
     * @return changed settings
     */
    public MemGuardOptions withMaxIdle(int value) {
        return new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                mappingReserve,
                closeTimeout,
                value,
                leakDetection,
                canaryPolicy,
                secretMemory,
                enclaves);
    }

    /**
     * Changes what happens with unreachable open buffers.
     *
     * @param value the detection
     * @return changed settings
     */
    public MemGuardOptions withLeakDetection(LeakDetection value) {
        return new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                mappingReserve,
                closeTimeout,
                maxIdle,
                value,
                canaryPolicy,
                secretMemory,
                enclaves);
    }

    /**
     * Changes what happens when an overwritten canary is found.
     *
     * @param value the policy
     * @return changed settings
     */
    public MemGuardOptions withCanaryPolicy(CanaryPolicy value) {
        return new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                mappingReserve,
                closeTimeout,
                maxIdle,
                leakDetection,
                value,
                secretMemory,
                enclaves);
    }

    /**
     * Changes whether pages are taken out of the kernel's own reach.
     *
     * @param value true for memory that the kernel cannot read
     * @return changed settings
     */
    public MemGuardOptions withSecretMemory(boolean value) {
        return new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                mappingReserve,
                closeTimeout,
                maxIdle,
                leakDetection,
                canaryPolicy,
                value,
                enclaves);
    }

    /**
     * Changes the settings of enclaves and streams.
     *
     * @param value the settings
     * @return changed settings
     */
    public MemGuardOptions withEnclaves(EnclaveOptions value) {
        return new MemGuardOptions(
                lockPolicy,
                lockLimitBytes,
                mappingReserve,
                closeTimeout,
                maxIdle,
                leakDetection,
                canaryPolicy,
                secretMemory,
                value);
    }
}
