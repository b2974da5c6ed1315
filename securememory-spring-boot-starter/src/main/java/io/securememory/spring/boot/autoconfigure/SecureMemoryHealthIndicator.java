package io.securememory.spring.boot.autoconfigure;

import io.securememory.MemoryLimitException;
import io.securememory.SecureMemoryStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health {@code securememory}: makes a secret of a known text, reads it back and closes it.
 *
 * <ul>
 *   <li>DOWN if that fails, or if an overwritten canary was ever found: the process may be compromised.
 *   <li>OUT_OF_SERVICE if no memory can be locked for one more secret, and it is not sealed instead. Those that there are
 *       stay readable.
 *   <li>UP otherwise, with a detail {@code warning} when locked memory or mappings come near their limit, or when secrets were sealed
 *       instead of protected, or memory was left unlocked under policy best-effort, or when a secret or an SSL bundle does not follow its
 *       files: what is in use is old and stays usable.
 * </ul>
 *
 * <p><b>Guarantees.</b> Shows counts and bytes of the session; no content, address or length of a single secret, and names only with
 * {@code management.endpoint.securememory.show-names=true}.
 *
 * <p><b>Limits.</b> Each check counts as one secret created and one closed, and as one that could not be locked if that is so
 * under policy best-effort.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SecureMemoryHealthIndicator extends AbstractHealthIndicator {

    private final Supplier<SecureMemoryStatus> session;
    private final Runnable selfTest;
    private final int warnThreshold;
    private final WatchReport watch;

    SecureMemoryHealthIndicator(
            Supplier<SecureMemoryStatus> session, Runnable selfTest, int warnThreshold, WatchReport watch) {
        super("Secure Memory health check failed");
        this.session = session;
        this.selfTest = selfTest;
        this.warnThreshold = warnThreshold;
        this.watch = watch;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        try {
            health.up();
            selfTest.run();
        } catch (MemoryLimitException e) {
            // Not withException: the log would repeat a stack trace that says nothing with every probe.
            health.outOfService().withDetail("error", MemoryLimitFailureAnalyzer.describe(e));
        }
        describe(session.get(), health);
    }

    private void describe(SecureMemoryStatus status, Health.Builder health) {
        List<String> warnings = new ArrayList<>();
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
        if (status.degradedTotal() > 0) {
            health.withDetail("degradedTotal", status.degradedTotal());
            warnings.add("not all memory could be locked: secrets are sealed instead of protected, or under policy"
                    + " best-effort may be swapped");
        }
        describeWatched(health, warnings);
        if (!warnings.isEmpty()) {
            health.withDetail("warning", String.join("; ", warnings));
        }
        if (status.canaryViolationsTotal() > 0) {
            health.down()
                    .withDetail("canaryViolationsTotal", status.canaryViolationsTotal())
                    .withDetail("error", "something wrote outside the bounds of a secret");
        }
    }

    private void describeWatched(Health.Builder health, List<String> warnings) {
        Map<String, Long> counts = watch.counts();
        if (!counts.isEmpty()) {
            health.withDetail("watched", counts);
            warnings.addAll(watch.warnings());
        }
    }

    /** Idle regions do not count: they give way. A limit of zero is used up. */
    private static long percent(long locked, long limit) {
        return limit == 0 ? 100 : locked * 100 / limit;
    }
}
