package io.securememory.spring.boot.autoconfigure;

import io.securememory.Backing;
import io.securememory.SecureMemoryOptions;
import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.CanaryPolicy;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockPolicy;
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
 * @param nativeAccess Way to call native code: the foreign function and memory API on Java 22 and later and JNA before, or
 *     one of them.
 * @param backing Kind of memory that holds secrets. Memory of kind memfd-secret cannot be read by root either, but keeps the
 *     machine from hibernating; where the kernel has none, anonymous memory is used and reported.
 * @param mlock Locking of memory against being swapped.
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
@ConfigurationProperties(SecureMemoryProperties.PREFIX)
public record SecureMemoryProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("auto") NativeAccess nativeAccess,
        @DefaultValue("auto") Backing backing,
        @DefaultValue Mlock mlock,
        @DefaultValue Pool pool,
        @DefaultValue("10s") Duration closeTimeout,
        @DefaultValue("sampled") LeakDetection leakDetection,
        @DefaultValue("exclude-regions") CoreDumps coreDumps,
        @DefaultValue("purge") CanaryPolicy onCanaryViolation,
        @DefaultValue("false") boolean shutdownHook,
        @DefaultValue Map<String, DeclaredSecret> secrets) {

    static final String PREFIX = "securememory";

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names the property
     */
    public SecureMemoryProperties {
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "securememory.close-timeout is " + closeTimeout + ", expected zero or more");
        }
        secrets = Map.copyOf(SecretNames.withoutAliases(secrets));
    }

    /**
     * Locking of memory.
     *
     * @param policy What happens when memory cannot be locked: fail, go on with memory that may be swapped, or lock nothing at
     *     all.
     * @param limit Most memory to lock, below the limit of the operating system. Unset for no limit of its own.
     * @param warnThreshold Percentage of the limit from which the health shows a warning.
     */
    public record Mlock(
            @DefaultValue("require") LockPolicy policy,
            @Nullable DataSize limit,
            @DefaultValue("80") int warnThreshold) {

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException if a value is out of its range; the message names the property
         */
        public Mlock {
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
     * Wiped memory that is kept.
     *
     * @param maxIdle Most wiped regions to keep locked for reuse. 0 keeps none.
     */
    public record Pool(@DefaultValue("64") int maxIdle) {

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException if a value is out of its range; the message names the property
         */
        public Pool {
            if (maxIdle < 0) {
                throw new IllegalArgumentException(
                        "securememory.pool.max-idle is " + maxIdle + ", expected zero or more");
            }
        }
    }

    /**
     * One secret to load.
     *
     * @param location Where the text of the secret is: a path after {@code file:}, relative to the working directory unless it
     *     begins with a slash, or a resource after {@code classpath:}. Never the text itself.
     * @param trim Whether one line break at the end of the text is dropped.
     * @param required Whether the start fails if there is nothing at the location.
     */
    public record DeclaredSecret(
            @Nullable String location,
            @DefaultValue("true") boolean trim,
            @DefaultValue("true") boolean required) {

        /** Leaves out the location, which holds the secret's text if someone took the property for it. */
        @Override
        public String toString() {
            return "DeclaredSecret[trim=" + trim + ", required=" + required + "]";
        }
    }

    SecureMemoryOptions toOptions() {
        SecureMemoryOptions.Builder options = SecureMemoryOptions.builder()
                .nativeAccess(nativeAccess)
                .lockPolicy(mlock.policy())
                .closeTimeout(closeTimeout)
                .coreDumps(coreDumps)
                .backing(backing)
                .poolMaxIdle(pool.maxIdle())
                .leakDetection(leakDetection)
                .canaryPolicy(onCanaryViolation)
                .shutdownHook(shutdownHook);
        DataSize limit = mlock.limit();
        return (limit == null ? options : options.lockLimitBytes(limit.toBytes())).build();
    }
}
