package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.PurgeReport;
import io.securememory.SecureMemory;
import io.securememory.memguard.CanaryPolicy;
import io.securememory.spring.boot.autoconfigure.CanaryViolations;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Actuator endpoint {@code securememorypurge}: wipes all secrets and buffers of the session at once, for use when the process
 * is believed to be compromised. It also acknowledges overwritten canaries. Until then, the health is DOWN because of them.
 *
 * <p><b>Guarantees.</b> Nobody has access unless {@code management.endpoint.securememorypurge.access=unrestricted} is set, even
 * if the endpoint is exposed. Shows how much was wiped, and no name, content, address or length of a single secret. Each purge
 * is logged as a warning.
 *
 * <p><b>Limits.</b> Anyone who can call the endpoint can stop the application from working: declared secrets come back only
 * after a restart, or when their files are read again. So the application must give access to operators only, by authentication
 * and authorization, best on a separate management port. The request has no body, so another site's page can make a browser
 * send it. If operators log in with cookies or HTTP Basic, protection against cross-site request forgery must cover the
 * endpoint, too.
 *
 * <p><b>Threading.</b> Safe for use by several threads. Waits for threads that read secrets at most for
 * {@code securememory.close-timeout}.
 */
@Endpoint(id = "securememorypurge", defaultAccess = Access.NONE)
public final class SecureMemoryPurgeEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(SecureMemoryPurgeEndpoint.class);

    private final SecureMemory session;
    private final CanaryViolations violations;
    private final Supplier<PurgeReport> purge;

    SecureMemoryPurgeEndpoint(SecureMemory session, CanaryViolations violations) {
        this(session, violations, () -> session.purge());
    }

    /** For tests: with another way to wipe everything. */
    SecureMemoryPurgeEndpoint(SecureMemory session, CanaryViolations violations, Supplier<PurgeReport> purge) {
        this.session = session;
        this.violations = violations;
        this.purge = purge;
    }

    /**
     * Wipes everything, and acknowledges the overwritten canaries that were found before the wipe. One that the wipe itself
     * finds is new to the operator, and stays unacknowledged. The session stays usable for new secrets.
     *
     * @return what was wiped
     */
    @WriteOperation
    public PurgeDescriptor purge() {
        long seen = violations.total(session.status().canaryViolationsTotal());
        PurgeReport report = purge.get();
        PurgeDescriptor purged = PurgeDescriptor.of(report, logged(violations.acknowledgeFirst(seen)));
        LOG.warn(
                "Secure memory purged by the actuator endpoint: {} wiped ({} bytes), {} deferred to their readers, {} failed,"
                        + " in {} ms",
                purged.wiped() == 1 ? "1 secret" : purged.wiped() + " secrets",
                purged.bytes(),
                purged.deferred(),
                purged.failed(),
                purged.millis());
        return purged;
    }

    /**
     * Acknowledges the overwritten canaries that were found, without wiping anything again. Under policy purge, everything was
     * already wiped when each of them was found.
     *
     * @return how many canaries were acknowledged
     * @throws InvalidEndpointRequestException if there are any under policy throw, where nothing was wiped
     */
    @DeleteOperation
    public AcknowledgementDescriptor acknowledge() {
        boolean wiped = session.options().canaryPolicy() != CanaryPolicy.THROW;
        if (!wiped && violations.open(session.status().canaryViolationsTotal()) > 0) {
            throw new InvalidEndpointRequestException(
                    "Nothing was wiped when an overwritten canary was found, as the policy is throw. Wipe everything by POST,"
                            + " which acknowledges it, too.",
                    "Nothing was wiped; use POST");
        }
        return new AcknowledgementDescriptor(
                logged(violations.acknowledge(session.status().canaryViolationsTotal())));
    }

    private static long logged(long acknowledged) {
        if (acknowledged > 0) {
            LOG.warn("Overwritten canaries were acknowledged by the actuator endpoint: {}", acknowledged);
        }
        return acknowledged;
    }

    /**
     * What was acknowledged.
     *
     * @param acknowledgedViolations overwritten canaries that were found, and not acknowledged before
     */
    public record AcknowledgementDescriptor(long acknowledgedViolations) implements OperationResponseBody {}

    /**
     * What one purge did. Each live secret and buffer is counted in exactly one of {@code wiped}, {@code deferred} and
     * {@code failed}.
     *
     * @param wiped secrets and buffers that were wiped and released
     * @param deferred secrets and buffers that were wiped while being read; their last reader releases them
     * @param failed secrets and buffers that could not be wiped or released; they stay inaccessible
     * @param bytes total bytes of all secrets and buffers that were wiped
     * @param millis milliseconds that the purge took
     * @param acknowledgedViolations overwritten canaries that were found, and not acknowledged before
     */
    public record PurgeDescriptor(
            int wiped, int deferred, int failed, long bytes, long millis, long acknowledgedViolations)
            implements OperationResponseBody {

        static PurgeDescriptor of(PurgeReport report, long acknowledgedViolations) {
            return new PurgeDescriptor(
                    report.wiped(),
                    report.deferred(),
                    report.failed(),
                    report.bytes(),
                    TimeUnit.NANOSECONDS.toMillis(report.nanoseconds()),
                    acknowledgedViolations);
        }
    }
}
