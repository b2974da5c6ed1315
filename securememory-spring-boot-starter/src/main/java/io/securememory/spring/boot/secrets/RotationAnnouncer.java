package io.securememory.spring.boot.secrets;

import io.securememory.spring.boot.SecretRotatedEvent;
import io.securememory.spring.boot.SecretRotationListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Announces rotations to everything that is made from a secret, to the listeners, and to the application context.
 * Anything that one of them throws is logged and goes no further.
 */
final class RotationAnnouncer {

    private static final Logger LOG = LoggerFactory.getLogger(RotationAnnouncer.class);

    private final List<SecretRotationListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Dependent> dependents = new CopyOnWriteArrayList<>();
    private final ApplicationEventPublisher publisher;

    /** Something that is made from one secret and from files of its own. */
    private record Dependent(String secret, Runnable update) {}

    RotationAnnouncer(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    void add(SecretRotationListener listener) {
        listeners.add(listener);
    }

    void remove(SecretRotationListener listener) {
        listeners.remove(listener);
    }

    /** Adds an update of something that is made from a secret. It runs before listeners are called for the secret. */
    void addDependent(String secret, Runnable update) {
        dependents.add(new Dependent(secret, update));
    }

    /** Runs the updates of everything that is made from a secret. */
    void updateDependents(String name) {
        for (Dependent dependent : dependents) {
            if (dependent.secret().equals(name)) {
                run(name, dependent.update());
            }
        }
    }

    void announce(SecretRotatedEvent rotation) {
        String name = rotation.name();
        for (SecretRotationListener listener : listeners) {
            run(name, () -> listener.secretRotated(rotation));
        }
        run(name, () -> publisher.publishEvent(rotation));
    }

    /** Catches everything: listeners in Kotlin can also throw checked exceptions. */
    private static void run(String name, Runnable listener) {
        try {
            listener.run();
        } catch (Throwable e) {
            log(name, e);
        }
    }

    /** Logs a failure. If there is no memory for the message, it is lost, but the other listeners are still called. */
    private static void log(String name, Throwable failure) {
        try {
            LOG.error(
                    "A listener failed after the secret '{}' was rotated; the new content is in use nevertheless",
                    name,
                    failure);
        } catch (Throwable e) {
            Thread.onSpinWait();
        }
    }
}
