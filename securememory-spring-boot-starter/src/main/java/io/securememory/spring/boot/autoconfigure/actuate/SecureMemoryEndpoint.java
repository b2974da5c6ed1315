package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.ProtectionReport;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.SecretVersion;
import io.securememory.spring.boot.autoconfigure.ChosenEngine;
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
    private final ChosenEngine engine;

    SecureMemoryEndpoint(
            SecureMemory session,
            SecretStore store,
            Set<String> generated,
            WatchReport watch,
            ProtectionCheck check,
            ChosenEngine engine) {
        this.generated = generated;
        this.session = session;
        this.store = store;
        this.watch = watch;
        this.check = check;
        this.engine = engine;
    }

    /**
     * Describes the session. The protections are those of the last check, which the first call makes.
     *
     * @param refresh whether each protection is checked again, on a page of its own, which takes some milliseconds; null for no
     * @return the state at this moment, except for the protections
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
                CryptoDescriptor.of(engine.found()),
                ProtectionDescriptor.of(Boolean.TRUE.equals(refresh) ? check.renewed() : check.last(), engine),
                watch.states().stream()
                        .map(state -> WatchedDescriptor.of(state, versions(state), watch.showsNames()))
                        .toList(),
                watch.showsNames() ? store.names() : null,
                watch.showsNames() ? generated : null);
    }

    private List<SecretVersion> versions(WatchStatus status) {
        return status.kind().equals(WatchStatus.SECRET)
                        && store.find(status.name()).isPresent()
                ? store.versions(status.name())
                : List.of();
    }

    /**
     * State of the session.
     *
     * @param nativeAccess the way native code is called, {@code ffm} or {@code jna}
     * @param backing kind of memory
     * @param counts numbers of secrets, buffers and events
     * @param memory locked memory
     * @param sealing what sealed secrets need
     * @param crypto what computes with keys
     * @param protection the protections that are really in force on this machine, and its settings that matter for secrets
     * @param files secrets that can be read again, most of them from files, and SSL bundles whose keys are secrets
     * @param names names of declared secrets, or null if they are not shown
     * @param generatedNames names of the declared secrets that are random bytes, made at the start, or null if they are not
     *     shown
     */
    public record SecureMemoryDescriptor(
            String nativeAccess,
            String backing,
            CountsDescriptor counts,
            MemoryDescriptor memory,
            SealingDescriptor sealing,
            CryptoDescriptor crypto,
            ProtectionDescriptor protection,
            List<WatchedDescriptor> files,
            @Nullable Set<String> names,
            @Nullable Set<String> generatedNames)
            implements OperationResponseBody {}

    /**
     * Counts. Those with Total in their name count from the start.
     *
     * @param liveSecrets secrets that are not released yet
     * @param liveProtected live secrets of storage protected
     * @param liveSealed live secrets of storage sealed
     * @param liveBuffers buffers of the expert API that are not released yet
     * @param liveEnclaves enclaves of the expert API that are neither closed nor purged
     * @param createdTotal secrets and buffers created; each read of a declared secret creates two or three
     * @param closedTotal secrets and buffers released
     * @param purgesTotal purges
     * @param canaryViolationsTotal overwritten canaries found
     * @param degradedTotal secrets and buffers that could not be locked under policy best-effort, and secrets that were
     *     sealed instead of protected
     * @param liveUnlocked secrets, buffers, windows and keys that are not released yet and could not be locked under policy
     *     best-effort, so that they may be swapped
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
     * @param idleBytes locked bytes of idle regions, which are given up when a limit is reached
     * @param lockLimitBytes most bytes that may be locked, or null if there is no limit
     * @param mappings upper bound of the mappings that count against the limit: those of protected memory, and those of the
     *     rest of the process as soon as the kernel was asked for them, which happens from a sixty-fourth of vm.max_map_count
     *     on
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
     * @param sealingWindows guarded windows that sealed secrets are opened into, in use or idle, whose pages count as locked
     * @param rekeysTotal how often both halves of the key were replaced since the start
     * @param rekeyFailuresTotal how often that failed; the key stays as it was, and the next interval tries again
     * @param rekeyAgeMillis milliseconds since the key was last replaced, or null if it never was
     * @param library version of OpenSSL's libcrypto, which seals and opens long secrets; null if there is none, or no long
     *     secret was sealed yet
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
     * What computes with keys.
     *
     * @param engine {@code libcrypto}, {@code bouncycastle}, or {@code none} if keys cannot be used
     * @param version the library's version, or null if there is none
     * @param consequence sentences that say what follows for keys, or null if they are in native memory only
     * @param remedy what to do about it, or null
     */
    public record CryptoDescriptor(
            String engine,
            @Nullable String version,
            @Nullable String consequence,
            @Nullable String remedy) {

        static CryptoDescriptor of(ChosenEngine.Found found) {
            return new CryptoDescriptor(
                    found.engine(), orNull(found.version()), orNull(found.consequence()), orNull(found.remedy()));
        }

        private static @Nullable String orNull(String text) {
            return text.isEmpty() ? null : text;
        }
    }

    /**
     * Protections, and settings of the machine and of the JVM.
     *
     * @param complete whether every requested protection is in force; risks do not count
     * @param checkedAgeMillis milliseconds since the protections were checked
     * @param items one for each protection and each setting
     * @param kernelFlags what the kernel itself reports of the page that they were checked on, see the line VmFlags of
     *     proc_pid_smaps(5), or null if it reports nothing
     */
    public record ProtectionDescriptor(
            boolean complete,
            long checkedAgeMillis,
            List<ProtectionItemDescriptor> items,
            @Nullable String kernelFlags) {

        static ProtectionDescriptor of(ProtectionCheck.Checked checked, ChosenEngine engine) {
            ProtectionReport report = engine.addTo(checked.report());
            return new ProtectionDescriptor(
                    report.isComplete(),
                    checked.ageMillis(),
                    report.items().stream().map(ProtectionItemDescriptor::of).toList(),
                    report.kernelFlags().isEmpty() ? null : report.kernelFlags());
        }
    }

    /**
     * One protection or one setting.
     *
     * @param name for example {@code memory-lock}
     * @param state {@code ACTIVE}; {@code FAILED}; {@code OFF} if it is not requested, or not in use; {@code RISK} if a setting
     *     of the machine or of the JVM makes secrets easier to reach; or {@code UNKNOWN}
     * @param detail sentences that say what this means for secrets, and how it was checked or why it failed
     * @param remedy what to do about a failed protection or a risk, or null
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
     * @param kind {@code secret}, {@code bundle}, or {@code credential} for a secret that is the password for a server, whose name
     *     is that of the secret
     * @param name its name, or null if names are not shown
     * @param watched whether its files are checked at an interval, and not only on request
     * @param state {@code current}: the content in use is that of the files; {@code waiting}: the key and the certificate in
     *     the files do not belong together yet; {@code failing}: the files hold something that cannot be used;
     *     {@code unavailable}: the secret comes from a source that is no file, and cannot be had from there; {@code missing}:
     *     there is no file; {@code wiped}: a purge has wiped the content, and it has not been read again since, so there is no
     *     content, whether the secret comes from a file or not. While the state is waiting, failing, unavailable or missing,
     *     the old content is in use, if there ever was any
     * @param since when the state began
     * @param lastGood when the content in use was last found to be that of the files, or null if it never was
     * @param lastGoodAgeSeconds seconds since {@code lastGood}, or null
     * @param failuresTotal checks that found something that cannot be used
     * @param version number of the version in use, 1 for that of the start, or null if there is none or it is no secret
     * @param previousVersions versions before it whose grace period is not over, or null
     * @param problem the problem, with the names of files, or null if there is none or names are not shown
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
            @Nullable Long version,
            @Nullable Integer previousVersions,
            @Nullable String problem) {

        static WatchedDescriptor of(WatchStatus status, List<SecretVersion> versions, boolean showNames) {
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
                    versions.isEmpty() ? null : versions.get(0).number(),
                    versions.isEmpty() ? null : versions.size() - 1,
                    showNames ? status.problem() : null);
        }
    }
}
