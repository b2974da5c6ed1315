package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.CanaryViolationException;
import io.securememory.MemoryLimitException;
import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.SecureMemoryStatus;
import io.securememory.spring.boot.autoconfigure.CanaryViolations;
import io.securememory.spring.boot.autoconfigure.ChosenEngine;
import io.securememory.spring.boot.properties.Durations;
import io.securememory.spring.boot.properties.MemoryLimitAdvice;
import io.securememory.spring.boot.watch.WatchState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health indicator {@code securememory}: makes a secret of a known text, reads it back and closes it.
 *
 * <ul>
 *   <li>DOWN if that fails for another reason than a limit, or while an overwritten canary that was found is not acknowledged,
 *       because the process may be compromised. {@link SecureMemoryPurgeEndpoint} acknowledges it.
 *   <li>OUT_OF_SERVICE while a declared secret is wiped by a purge and not read again, with a detail {@code remedy}.
 *   <li>UP otherwise, because all existing secrets can be read, with a detail {@code warning}
 *       <ul>
 *         <li>when no more secrets can be made because a limit is reached, with a detail {@code remedy};
 *         <li>when locked memory or mappings are near their limit;
 *         <li>while no memory is protected, as securememory.platform-fallback=sealed-only allows;
 *         <li>while memory is unlocked under policy best-effort, and for an hour after a secret was sealed instead of protected;
 *         <li>when a secret or an SSL bundle does not follow its files: the content in use is old and stays usable.
 *       </ul>
 * </ul>
 *
 * <p>The details {@code failedProtections} and {@code risks} name items of the last {@link ProtectionReport}. They do not change
 * the status. Nor does the detail {@code crypto}, which says what computes with keys and, if that is not libcrypto, what follows
 * and what to do.
 *
 * <p><b>Guarantees.</b> Shows counts and bytes of the session. Shows no content, address or length of a single secret, and
 * names only with {@code management.endpoint.securememory.show-names=true}. The secret of the check is not counted as created
 * or closed.
 *
 * <p><b>Limits.</b> Include it in readiness at most, and not in liveness: a restart helps against nothing of this but a canary
 * violation.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SecureMemoryHealthIndicator extends AbstractHealthIndicator {

    /** How long a warning is shown after a secret was sealed instead of protected. It is as secret as the others. */
    private static final Duration SEALED_INSTEAD = Duration.ofHours(1);

    private final Supplier<SecureMemoryStatus> session;
    private final Runnable selfTest;
    private final int warnThreshold;
    private final WatchReport watch;
    private final CanaryViolations violations;
    private final Supplier<ProtectionReport> protection;
    private final Supplier<ChosenEngine.Found> crypto;

    SecureMemoryHealthIndicator(
            Supplier<SecureMemoryStatus> session,
            Runnable selfTest,
            int warnThreshold,
            WatchReport watch,
            CanaryViolations violations,
            Supplier<ProtectionReport> protection,
            Supplier<ChosenEngine.Found> crypto) {
        super("Secure Memory health check failed");
        this.session = session;
        this.selfTest = selfTest;
        this.warnThreshold = warnThreshold;
        this.watch = watch;
        this.violations = violations;
        this.protection = protection;
        this.crypto = crypto;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        List<String> warnings = new ArrayList<>();
        health.up();
        long counted = session.get().canaryViolationsTotal();
        try {
            selfTest.run();
        } catch (MemoryLimitException e) {
            warnings.add("no more secrets can be made, while those that there are stay readable: "
                    + MemoryLimitAdvice.describe(e));
            health.withDetail("remedy", MemoryLimitAdvice.remedy(e));
        } catch (CanaryViolationException e) {
            if (session.get().canaryViolationsTotal()
                    == counted) { // The session itself counts what is found in its windows.
                violations.found();
            }
        }
        describe(session.get(), health, warnings);
    }

    private void describe(SecureMemoryStatus status, Health.Builder health, List<String> warnings) {
        health.withDetail("nativeAccess", status.nativeAccess())
                .withDetail("liveSecrets", status.liveSecrets())
                .withDetail("liveSealed", status.liveSealed())
                .withDetail("lockedBytes", status.lockedBytes());
        if (status.lockLimitBytes() >= 0) {
            long percent = percent(status.lockedBytes() - status.idleBytes(), status.lockLimitBytes());
            health.withDetail("lockLimitBytes", status.lockLimitBytes()).withDetail("lockedPercent", percent);
            if (percent >= warnThreshold) {
                warnings.add(percent + " percent of the memory that may be locked is used");
            }
        }
        if (status.mappingLimit() > 0 && percent(status.mappings(), status.mappingLimit()) >= warnThreshold) {
            warnings.add("the process has nearly as many mappings as it may have, see vm.max_map_count");
        }
        if (status.rekeyAgeMillis() >= 0) {
            health.withDetail("rekeyAgeMillis", status.rekeyAgeMillis());
        }
        describeDegraded(status, health, warnings);
        describeWatched(health, warnings);
        describeProtection(health);
        describeCrypto(health);
        if (!warnings.isEmpty()) {
            health.withDetail("warning", String.join("; ", warnings));
        }
        describeViolations(status.canaryViolationsTotal(), health);
    }

    private static void describeDegraded(SecureMemoryStatus status, Health.Builder health, List<String> warnings) {
        if (status.backing().equals("ordinary")) {
            warnings.add("no memory is protected, because this platform is not supported and"
                    + " securememory.platform-fallback=sealed-only allows it; do not use this for real secrets");
        }
        if (status.degradedTotal() > 0) {
            health.withDetail("degradedTotal", status.degradedTotal());
        }
        if (status.liveUnlocked() > 0) {
            health.withDetail("liveUnlocked", status.liveUnlocked());
            warnings.add(
                    "not all memory could be locked, and what is in it may be swapped, as policy best-effort allows;"
                            + " memory-lock of the endpoint securememory says what to do");
        }
        Duration age = Duration.ofMillis(status.sealedInsteadAgeMillis());
        if (!age.isNegative() && age.compareTo(SEALED_INSTEAD) < 0) {
            warnings.add("not all memory could be locked: secrets are sealed instead of protected, the last one "
                    + Durations.inWords(Duration.ofSeconds(age.toSeconds())) + " ago");
        }
    }

    /** Shows names only. {@link SecureMemoryEndpoint} says what they mean and what to do. */
    private void describeProtection(Health.Builder health) {
        ProtectionReport report = protection.get();
        showNames(report, State.FAILED, "failedProtections", health);
        showNames(report, State.RISK, "risks", health);
    }

    /** No warning, which would never end: nothing becomes worse while the application runs. */
    private void describeCrypto(Health.Builder health) {
        ChosenEngine.Found found = crypto.get();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("engine", found.engine());
        if (!found.version().isEmpty()) {
            details.put("version", found.version());
        }
        if (!found.remedy().isEmpty()) {
            details.put("consequence", found.consequence());
            details.put("remedy", found.remedy());
        }
        health.withDetail("crypto", details);
    }

    private static void showNames(ProtectionReport report, State state, String detail, Health.Builder health) {
        List<String> names = report.items().stream()
                .filter(item -> item.state() == state)
                .map(Item::name)
                .toList();
        if (!names.isEmpty()) {
            health.withDetail(detail, names);
        }
    }

    private void describeViolations(long counted, Health.Builder health) {
        if (violations.total(counted) > 0) {
            health.withDetail("canaryViolationsTotal", violations.total(counted));
        }
        if (violations.open(counted) > 0) {
            health.down()
                    .withDetail(
                            "error",
                            "something wrote outside the bounds of a secret, so that this process may be compromised")
                    .withDetail(
                            "remedy",
                            "Find out what wrote there, above all native code, and restart. If the process is to go on, wipe its"
                                    + " secrets and acknowledge this by POST to the endpoint securememorypurge, or by DELETE"
                                    + " if they were wiped when this was found.");
        }
    }

    private void describeWatched(Health.Builder health, List<String> warnings) {
        Map<String, Long> counts = watch.counts();
        if (!counts.isEmpty()) {
            health.withDetail("files", counts);
            warnings.addAll(watch.warnings());
        }
        if (counts.containsKey(WatchState.WIPED.word())) {
            health.outOfService()
                    .withDetail(
                            "remedy",
                            "Declared secrets were wiped by a purge. Those that come from files are there again when these are"
                                    + " read: at their reload-interval, or by SecretStore.reload. For all others, restart.");
        }
    }

    /**
     * Returns the percentage of a limit that is used. Callers leave out idle regions, which are given up when the limit is
     * reached. A limit of zero counts as used up.
     */
    private static long percent(long locked, long limit) {
        return limit == 0 ? 100 : locked * 100 / limit;
    }
}
