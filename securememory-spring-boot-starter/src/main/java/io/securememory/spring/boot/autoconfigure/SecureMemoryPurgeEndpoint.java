package io.securememory.spring.boot.autoconfigure;

import io.securememory.PurgeReport;
import io.securememory.SecureMemory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Actuator endpoint {@code securememorypurge}: wipes all secrets and buffers of the session at once, for the moment in which
 * the process is believed to be compromised.
 *
 * <p><b>Guarantees.</b> Nobody has access unless {@code management.endpoint.securememorypurge.access=unrestricted} is set,
 * whatever is exposed. Shows how much was wiped, and no name, content, address or length of a single secret. Each purge is
 * logged as a warning.
 *
 * <p><b>Limits.</b> Whoever reaches the endpoint stops the application from working: declared secrets come back by a
 * restart, or when their files are read again. So it is for the application to let in nobody but operators, by
 * authentication and authorization, best on a management port of its own. A browser sends this request for a foreign
 * page as well, since it has no body: where operators log in with cookies or HTTP Basic, protection against cross-site
 * request forgery must cover it, too.
 *
 * <p><b>Threading.</b> Safe for use by several threads. Waits for readers at most for {@code securememory.close-timeout}.
 */
@Endpoint(id = "securememorypurge", defaultAccess = Access.NONE)
public final class SecureMemoryPurgeEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(SecureMemoryPurgeEndpoint.class);

    private final SecureMemory session;

    SecureMemoryPurgeEndpoint(SecureMemory session) {
        this.session = session;
    }

    /**
     * Wipes everything. The session stays usable for new secrets.
     *
     * @return what was wiped
     */
    @WriteOperation
    public PurgeDescriptor purge() {
        PurgeDescriptor purged = PurgeDescriptor.of(session.purge());
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
     * What one purge did. Each live secret and buffer is counted in exactly one of {@code wiped}, {@code deferred} and
     * {@code failed}.
     *
     * @param wiped secrets and buffers that were wiped and released
     * @param deferred those that were wiped while being read, and are released by their last reader
     * @param failed those that could not be wiped or released; they stay inaccessible
     * @param bytes bytes of all secrets and buffers that were wiped, added up
     * @param millis milliseconds that it took
     */
    public record PurgeDescriptor(int wiped, int deferred, int failed, long bytes, long millis)
            implements OperationResponseBody {

        static PurgeDescriptor of(PurgeReport report) {
            return new PurgeDescriptor(
                    report.wiped(),
                    report.deferred(),
                    report.failed(),
                    report.bytes(),
                    TimeUnit.NANOSECONDS.toMillis(report.nanoseconds()));
        }
    }
}
