package io.securememory.memguard;

import io.securememory.memcall.MemoryLockLimit;
import java.time.Duration;
import java.util.Objects;

/**
 * Settings of a {@link MemGuard}. Immutable; each {@code with} method returns changed settings.
 *
 * @param lockPolicy what happens when memory cannot be locked
 * @param lockLimitBytes own limit of locked bytes below the operating system's, or {@link MemoryLockLimit#UNLIMITED}
 * @param closeTimeout longest wait for readers on close and purge
 * @param maxIdle most wiped regions to keep for reuse; 0 keeps none
 * @param leakDetection what happens with buffers that become unreachable while they are open
 * @param canaryPolicy what happens when an overwritten canary is found
 * @param secretMemory whether pages are taken out of the kernel's own reach, see
 *     {@link io.securememory.memcall.MemCall#hideFromKernel}
 */
public record MemGuardOptions(
        LockPolicy lockPolicy,
        long lockLimitBytes,
        Duration closeTimeout,
        int maxIdle,
        LeakDetection leakDetection,
        CanaryPolicy canaryPolicy,
        boolean secretMemory) {

    /**
     * Require locks, no limit of its own, wait 10 seconds, keep 64 idle regions, sample leaks, throw on an overwritten
     * canary, anonymous memory.
     */
    public static final MemGuardOptions DEFAULTS = new MemGuardOptions(
            LockPolicy.REQUIRE,
            MemoryLockLimit.UNLIMITED,
            Duration.ofSeconds(10),
            64,
            LeakDetection.SAMPLED,
            CanaryPolicy.THROW,
            false);

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names it
     */
    public MemGuardOptions {
        Objects.requireNonNull(lockPolicy, "lockPolicy");
        Objects.requireNonNull(leakDetection, "leakDetection");
        Objects.requireNonNull(canaryPolicy, "canaryPolicy");
        if (lockLimitBytes < MemoryLockLimit.UNLIMITED) {
            throw new IllegalArgumentException("lockLimitBytes is " + lockLimitBytes + ", expected -1 or more");
        }
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException("closeTimeout is " + closeTimeout + ", expected 0 or more");
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
                value, lockLimitBytes, closeTimeout, maxIdle, leakDetection, canaryPolicy, secretMemory);
    }

    /**
     * Changes the own limit of locked memory.
     *
     * @param value bytes, or -1 for none
     * @return changed settings
     */
    public MemGuardOptions withLockLimitBytes(long value) {
        return new MemGuardOptions(lockPolicy, value, closeTimeout, maxIdle, leakDetection, canaryPolicy, secretMemory);
    }

    /**
     * Changes the longest wait for readers.
     *
     * @param value the wait
     * @return changed settings
     */
    public MemGuardOptions withCloseTimeout(Duration value) {
        return new MemGuardOptions(
                lockPolicy, lockLimitBytes, value, maxIdle, leakDetection, canaryPolicy, secretMemory);
    }

    /**
     * Changes how many wiped regions are kept.
     *
     * @param value number of regions, 0 for none
     * @return changed settings
     */
    public MemGuardOptions withMaxIdle(int value) {
        return new MemGuardOptions(
                lockPolicy, lockLimitBytes, closeTimeout, value, leakDetection, canaryPolicy, secretMemory);
    }

    /**
     * Changes what happens with unreachable open buffers.
     *
     * @param value the detection
     * @return changed settings
     */
    public MemGuardOptions withLeakDetection(LeakDetection value) {
        return new MemGuardOptions(
                lockPolicy, lockLimitBytes, closeTimeout, maxIdle, value, canaryPolicy, secretMemory);
    }

    /**
     * Changes what happens when an overwritten canary is found.
     *
     * @param value the policy
     * @return changed settings
     */
    public MemGuardOptions withCanaryPolicy(CanaryPolicy value) {
        return new MemGuardOptions(
                lockPolicy, lockLimitBytes, closeTimeout, maxIdle, leakDetection, value, secretMemory);
    }

    /**
     * Changes whether pages are taken out of the kernel's own reach.
     *
     * @param value true for memory that the kernel cannot read
     * @return changed settings
     */
    public MemGuardOptions withSecretMemory(boolean value) {
        return new MemGuardOptions(
                lockPolicy, lockLimitBytes, closeTimeout, maxIdle, leakDetection, canaryPolicy, value);
    }
}
