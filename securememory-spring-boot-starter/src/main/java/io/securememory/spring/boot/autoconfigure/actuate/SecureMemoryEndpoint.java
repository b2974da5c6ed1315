package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.ProtectionReport;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.ProtectionCheck;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Actuator endpoint {@code securememory}: counts, locked bytes and protections of the session.
 *
 * <p><b>Guarantees.</b> Shows no content, no address and no length of a single secret. Names of declared secrets are shown
 * only with {@code management.endpoint.securememory.show-names=true}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
@Endpoint(id = "securememory")
public final class SecureMemoryEndpoint {

    private final SecureMemory session;
    private final SecretStore store;
    private final Set<String> generated;
    private final WatchReport watch;
    private final ProtectionCheck check;

    SecureMemoryEndpoint(
            SecureMemory session, SecretStore store, Set<String> generated, WatchReport watch, ProtectionCheck check) {
        this.generated = generated;
        this.session = session;
        this.store = store;
        this.watch = watch;
        this.check = check;
    }

    /**
     * Describes the session. The protections are those of the last trial, which the first call makes.
     *
     * @param refresh whether each protection is tried anew, on a page of its own, which costs some milliseconds; null for no
     * @return the state of this moment, but for the protections
     */
    @ReadOperation
    public SecureMemoryDescriptor secureMemory(@Nullable Boolean refresh) {
        SecureMemoryStatus status = session.status();
        return new SecureMemoryDescriptor(
                status.nativeAccess(),
                status.backing(),
                CountsDescriptor.of(status),
                MemoryDescriptor.of(status),
                SealingDescriptor.of(status),
                ProtectionDescriptor.of(Boolean.TRUE.equals(refresh) ? check.renewed() : check.last()),
                watch.states().stream()
                        .map(state -> WatchedDescriptor.of(state, watch.showsNames()))
                        .toList(),
                watch.showsNames() ? store.names() : null,
                watch.showsNames() ? generated : null);
    }

    /**
     * State of the session.
     *
     * @param nativeAccess the way native code is called, {@code ffm} or {@code jna}
     * @param backing kind of memory
     * @param counts how many of what
     * @param memory locked memory
     * @param sealing what sealed secrets need
     * @param protection what this machine really gives
     * @param files secrets that come from files, and SSL bundles whose keys are secrets
     * @param names names of declared secrets, or null if they are not shown
     * @param generatedNames names of those that are random bytes, made at the start, or null if they are not shown
     */
    public record SecureMemoryDescriptor(
            String nativeAccess,
            String backing,
            CountsDescriptor counts,
            MemoryDescriptor memory,
            SealingDescriptor sealing,
            ProtectionDescriptor protection,
            List<WatchedDescriptor> files,
            @Nullable Set<String> names,
            @Nullable Set<String> generatedNames)
            implements OperationResponseBody {}

    /**
     * Counts. Those called total are since the start.
     *
     * @param liveSecrets secrets that are not released yet
     * @param liveProtected those of storage protected
     * @param liveSealed those of storage sealed
     * @param liveBuffers buffers of the expert API that are not released yet
     * @param liveEnclaves enclaves of the expert API that are neither closed nor purged
     * @param createdTotal secrets and buffers created, of which each read of a declared secret makes two or three
     * @param closedTotal secrets and buffers released
     * @param purgesTotal purges
     * @param canaryViolationsTotal overwritten canaries found
     * @param degradedTotal secrets and buffers that could not be locked under policy best-effort, and secrets that were
     *     sealed instead of protected
     * @param liveUnlocked how many of what is not released yet could not be locked under policy best-effort, and may be swapped
     * @param leakedTotal secrets and buffers that became unreachable while they were open
     * @param idleRegions wiped regions kept for reuse, whose pages count as locked
     */
    public record CountsDescriptor(
            long liveSecrets,
            long liveProtected,
            long liveSealed,
            long liveBuffers,
            long liveEnclaves,
            long createdTotal,
            long closedTotal,
            long purgesTotal,
            long canaryViolationsTotal,
            long degradedTotal,
            long liveUnlocked,
            long leakedTotal,
            long idleRegions) {

        static CountsDescriptor of(SecureMemoryStatus status) {
            return new CountsDescriptor(
                    status.liveSecrets(),
                    status.liveProtected(),
                    status.liveSealed(),
                    status.liveBuffers(),
                    status.liveEnclaves(),
                    status.createdTotal(),
                    status.closedTotal(),
                    status.purgesTotal(),
                    status.canaryViolationsTotal(),
                    status.degradedTotal(),
                    status.liveUnlocked(),
                    status.leakedTotal(),
                    status.idleRegions());
        }
    }

    /**
     * Locked memory of all secrets and buffers together, in whole pages.
     *
     * @param lockedBytes bytes locked
     * @param idleBytes those of idle regions, which are given up when a limit is reached
     * @param lockLimitBytes most bytes that may be locked, or null if there is no limit
     * @param mappings mappings that count against the limit, at most: those of protected memory, and those of the rest of the
     *     process once the kernel was asked, which is from a sixty-fourth of vm.max_map_count on
     * @param mappingLimit mappings of the process at which no more protected memory is mapped, or null if there is no limit
     *     or it is not known
     */
    public record MemoryDescriptor(
            long lockedBytes,
            long idleBytes,
            @Nullable Long lockLimitBytes,
            long mappings,
            @Nullable Long mappingLimit) {

        static MemoryDescriptor of(SecureMemoryStatus status) {
            return new MemoryDescriptor(
                    status.lockedBytes(),
                    status.idleBytes(),
                    orNull(status.lockLimitBytes()),
                    status.mappings(),
                    orNull(status.mappingLimit()));
        }

        private static @Nullable Long orNull(long limit) {
            return limit < 0 ? null : limit;
        }
    }

    /**
     * What sealed secrets need.
     *
     * @param sealingWindows guarded windows that they are opened into, in use or idle, whose pages count as locked
     * @param rekeysTotal how often both halves of the key were replaced since the start
     * @param rekeyFailuresTotal how often that failed and left them as they were, to be tried again
     * @param rekeyAgeMillis milliseconds since the last time, or null if there was none
     * @param library version of OpenSSL's libcrypto, which seals and opens what is long; null if there is none, or nothing long
     *     came yet
     */
    public record SealingDescriptor(
            long sealingWindows,
            long rekeysTotal,
            long rekeyFailuresTotal,
            @Nullable Long rekeyAgeMillis,
            @Nullable String library) {

        static SealingDescriptor of(SecureMemoryStatus status) {
            long age = status.rekeyAgeMillis();
            return new SealingDescriptor(
                    status.sealingWindows(),
                    status.rekeysTotal(),
                    status.rekeyFailuresTotal(),
                    age < 0 ? null : age,
                    status.library().isEmpty() ? null : status.library());
        }
    }

    /**
     * Protections.
     *
     * @param complete whether everything that is asked for is in force
     * @param checkedAgeMillis milliseconds since they were tried
     * @param items one for each protection
     * @param kernelFlags what the kernel itself shows of the page that they were tried on, see the line VmFlags of
     *     proc_pid_smaps(5), or null if it shows nothing
     */
    public record ProtectionDescriptor(
            boolean complete,
            long checkedAgeMillis,
            List<ProtectionItemDescriptor> items,
            @Nullable String kernelFlags) {

        static ProtectionDescriptor of(ProtectionCheck.Checked checked) {
            ProtectionReport report = checked.report();
            return new ProtectionDescriptor(
                    report.isComplete(),
                    checked.ageMillis(),
                    report.items().stream().map(ProtectionItemDescriptor::of).toList(),
                    report.kernelFlags().isEmpty() ? null : report.kernelFlags());
        }
    }

    /**
     * One protection.
     *
     * @param name for example {@code memory-lock}
     * @param state {@code ACTIVE}, {@code FAILED}, or {@code OFF} if it is not asked for
     * @param detail sentences that say what this means for secrets, and how it was found out or why it failed
     * @param remedy what to do about one that failed, or null
     */
    public record ProtectionItemDescriptor(
            String name,
            String state,
            String detail,
            @Nullable String remedy) {

        static ProtectionItemDescriptor of(ProtectionReport.Item item) {
            return new ProtectionItemDescriptor(
                    item.name(),
                    item.state().name(),
                    item.detail(),
                    item.remedy().isEmpty() ? null : item.remedy());
        }
    }

    /**
     * A secret that comes from a file, or an SSL bundle whose key is a secret.
     *
     * @param kind {@code secret} or {@code bundle}
     * @param name its name, or null if names are not shown
     * @param watched whether its files are looked at at an interval, and not only on request
     * @param state {@code current}: what is in use is what the files hold; {@code waiting}: key and certificate do not belong
     *     together yet; {@code failing}: the files hold what cannot be taken; {@code missing}: there is no file. In all states but
     *     the first the old content is in use, if there ever was one; {@code wiped}: by a purge, and not read again since, so that
     *     there is no content, be the secret from a file or not
     * @param since when the state began
     * @param lastGood when what is in use was last seen to be what the files hold, or null if it never was
     * @param lastGoodAgeSeconds seconds since then, or null
     * @param failuresTotal looks that found what could not be taken
     * @param problem what is wrong, with the names of files, or null if nothing is or names are not shown
     */
    public record WatchedDescriptor(
            String kind,
            @Nullable String name,
            boolean watched,
            String state,
            Instant since,
            @Nullable Instant lastGood,
            @Nullable Long lastGoodAgeSeconds,
            long failuresTotal,
            @Nullable String problem) {

        static WatchedDescriptor of(WatchStatus status, boolean showNames) {
            Duration age = status.age();
            Instant lastGood = status.lastGood();
            return new WatchedDescriptor(
                    status.kind(),
                    showNames ? status.name() : null,
                    status.watched(),
                    status.state().word(),
                    status.since().truncatedTo(ChronoUnit.SECONDS),
                    lastGood == null ? null : lastGood.truncatedTo(ChronoUnit.SECONDS),
                    age == null ? null : age.toSeconds(),
                    status.failures(),
                    showNames ? status.problem() : null);
        }
    }
}
