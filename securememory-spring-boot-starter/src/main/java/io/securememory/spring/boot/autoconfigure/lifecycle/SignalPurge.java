package io.securememory.spring.boot.autoconfigure.lifecycle;

import io.securememory.PurgeReport;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Wipes one session when a signal arrives while its context is open. */
final class SignalPurge implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(SignalPurge.class);

    private static final String PROPERTY = SecureMemorySettings.PREFIX + ".signals.names";

    private final List<AutoCloseable> registrations = new ArrayList<>();

    /**
     * Starts to listen for signals.
     *
     * @throws InvalidConfigurationPropertyValueException if the list is empty, or if a signal cannot be handled; none
     *     is then
     */
    SignalPurge(SecureMemory session, List<String> signals) {
        List<String> known = onSystem(signals, System.getProperty("os.name"));
        if (known.isEmpty()) {
            throw new InvalidConfigurationPropertyValueException(PROPERTY, signals, "There is no signal to listen to.");
        }
        for (String signal : known) {
            try {
                registrations.add(SignalCoordinator.onSignal(signal, () -> purge(session)));
            } catch (IllegalArgumentException e) {
                destroy();
                throw refused(signal, e);
            }
        }
    }

    /** Leaves out HUP on Windows, which has no such signal. It is one of the default names. */
    static List<String> onSystem(List<String> signals, String osName) {
        return osName.startsWith("Windows")
                ? signals.stream().filter(signal -> !signal.equals("HUP")).toList()
                : signals;
    }

    private static InvalidConfigurationPropertyValueException refused(String signal, IllegalArgumentException e) {
        return new InvalidConfigurationPropertyValueException(
                PROPERTY,
                signal,
                "The signal cannot be listened to: " + e.getMessage()
                        + ". Not available are signals that the JVM itself uses"
                        + " (QUIT, SEGV, USR2 and others), KILL and STOP, and, with the option -Xrs, all signals."
                        + " Remove the signal from the list, or set securememory.signals.enabled=false.");
    }

    private static void purge(SecureMemory session) {
        PurgeReport report = session.purge();
        LOG.warn(
                "Secure memory purged: {} wiped, {} deferred, {} failed",
                report.wiped(),
                report.deferred(),
                report.failed());
    }

    /** Stops listening. Runs before the session is closed, because this bean depends on the session. */
    @Override
    public void destroy() {
        for (AutoCloseable registration : registrations) {
            try {
                registration.close();
            } catch (Exception e) {
                LOG.warn("A signal handler cannot be removed", e);
            }
        }
        registrations.clear();
    }
}
