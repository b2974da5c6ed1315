package io.securememory.memguard;

import io.securememory.memcall.MemoryLockLimit;
import java.time.Duration;
import java.util.Objects;

/**
 * Settings of a {@link MemGuard}. Immutable; each {@code with} method returns changed settings.
 *
 * @param lockPolicy what happens when memory cannot be locked
 * @param lockLimitBytes most bytes that may be locked, in addition to the operating system's limit, or {@link
 *     MemoryLockLimit#UNLIMITED}
 * @param mappingReserve memory mappings to keep free for threads, heap and libraries of the process, or {@link
 *     #DEFAULT_MAPPING_RESERVE}; without effect if the operating system has no limit of mappings, or it cannot be read
 * @param closeTimeout longest wait for readers on close and purge
 * @param maxIdle most wiped regions to keep for reuse; 0 keeps none. They take at most 4 MiB; if there is a limit of
 *     locked bytes, at most a quarter of it, or 64 KiB if that is more
 * @param leakDetection what happens to buffers that become unreachable while they are open
 * @param canaryPolicy what happens when a canary is found to be overwritten
 * @param secretMemory whether pages are hidden from the kernel, see {@link
 *     io.securememory.memcall.MemCall#hideFromKernel}
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

    /** Seconds to wait for readers, unless set otherwise: {@value}. */
    public static final int DEFAULT_CLOSE_SECONDS = 10;

    /** Wiped regions to keep, unless set otherwise: {@value}. */
    public static final int DEFAULT_MAX_IDLE = 64;

    /**
     * {@link LockPolicy#REQUIRE}, no limit of its own, {@link #DEFAULT_MAPPING_RESERVE}, {@link #DEFAULT_CLOSE_SECONDS},
     * {@link #DEFAULT_MAX_IDLE}, {@link LeakDetection#SAMPLED}, {@link CanaryPolicy#THROW}, anonymous memory,
     * {@link EnclaveOptions#DEFAULTS}.
     */
    public static final MemGuardOptions DEFAULTS = new MemGuardOptions(
            LockPolicy.REQUIRE,
            MemoryLockLimit.UNLIMITED,
            DEFAULT_MAPPING_RESERVE,
            Duration.ofSeconds(DEFAULT_CLOSE_SECONDS),
            DEFAULT_MAX_IDLE,
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
        Copy copy = new Copy(this);
        copy.lockPolicy = value;
        return copy.toOptions();
    }

    /**
     * Changes the additional limit of locked bytes.
     *
     * @param value bytes, or -1 for none
     * @return changed settings
     */
    public MemGuardOptions withLockLimitBytes(long value) {
        Copy copy = new Copy(this);
        copy.lockLimitBytes = value;
        return copy.toOptions();
    }

    /**
     * Changes how many mappings of the process are kept free.
     *
     * @param value number of mappings, or -1 for a sixth of the mappings that the process may have
     * @return changed settings
     */
    public MemGuardOptions withMappingReserve(long value) {
        Copy copy = new Copy(this);
        copy.mappingReserve = value;
        return copy.toOptions();
    }

    /**
     * Changes the longest wait for readers.
     *
     * @param value the wait
     * @return changed settings
     */
    public MemGuardOptions withCloseTimeout(Duration value) {
        Copy copy = new Copy(this);
        copy.closeTimeout = value;
        return copy.toOptions();
    }

    /**
     * Changes how many wiped regions are kept.
     *
     * @param value number of regions, 0 for none
     * @return changed settings
     */
    public MemGuardOptions withMaxIdle(int value) {
        Copy copy = new Copy(this);
        copy.maxIdle = value;
        return copy.toOptions();
    }

    /**
     * Changes what happens to buffers that become unreachable while they are open.
     *
     * @param value the detection
     * @return changed settings
     */
    public MemGuardOptions withLeakDetection(LeakDetection value) {
        Copy copy = new Copy(this);
        copy.leakDetection = value;
        return copy.toOptions();
    }

    /**
     * Changes what happens when a canary is found to be overwritten.
     *
     * @param value the policy
     * @return changed settings
     */
    public MemGuardOptions withCanaryPolicy(CanaryPolicy value) {
        Copy copy = new Copy(this);
        copy.canaryPolicy = value;
        return copy.toOptions();
    }

    /**
     * Changes whether pages are hidden from the kernel.
     *
     * @param value true for memory that the kernel cannot read
     * @return changed settings
     */
    public MemGuardOptions withSecretMemory(boolean value) {
        Copy copy = new Copy(this);
        copy.secretMemory = value;
        return copy.toOptions();
    }

    /**
     * Changes the settings of enclaves and streams.
     *
     * @param value the settings
     * @return changed settings
     */
    public MemGuardOptions withEnclaves(EnclaveOptions value) {
        Copy copy = new Copy(this);
        copy.enclaves = value;
        return copy.toOptions();
    }

    /** All settings, one of which is changed. */
    private static final class Copy {
        private LockPolicy lockPolicy;
        private long lockLimitBytes;
        private long mappingReserve;
        private Duration closeTimeout;
        private int maxIdle;
        private LeakDetection leakDetection;
        private CanaryPolicy canaryPolicy;
        private boolean secretMemory;
        private EnclaveOptions enclaves;

        Copy(MemGuardOptions from) {
            lockPolicy = from.lockPolicy;
            lockLimitBytes = from.lockLimitBytes;
            mappingReserve = from.mappingReserve;
            closeTimeout = from.closeTimeout;
            maxIdle = from.maxIdle;
            leakDetection = from.leakDetection;
            canaryPolicy = from.canaryPolicy;
            secretMemory = from.secretMemory;
            enclaves = from.enclaves;
        }

        MemGuardOptions toOptions() {
            return new MemGuardOptions(
                    lockPolicy,
                    lockLimitBytes,
                    mappingReserve,
                    closeTimeout,
                    maxIdle,
                    leakDetection,
                    canaryPolicy,
                    secretMemory,
                    enclaves);
        }
    }
}
