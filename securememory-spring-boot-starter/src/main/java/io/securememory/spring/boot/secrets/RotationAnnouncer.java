package io.securememory.spring.boot.secrets;

import io.securememory.spring.boot.SecretRotatedEvent;
import io.securememory.spring.boot.SecretRotationListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Tells what depends on secrets, the listeners, and the application context of rotations. What one of them throws is logged and
 * goes no further, whatever it is.
 */
final class RotationAnnouncer {

    private static final Logger LOG = LoggerFactory.getLogger(RotationAnnouncer.class);

    private final List<SecretRotationListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Dependent> dependents = new CopyOnWriteArrayList<>();
    private final ApplicationEventPublisher publisher;

    /** What is made of one secret and of files of its own. */
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

    /** Adds what is made of a secret, and is to be made anew before listeners are told of the secret. */
    void addDependent(String secret, Runnable update) {
        dependents.add(new Dependent(secret, update));
    }

    /** Has made anew what is made of a secret, if anything of it is new. */
    void updateDependents(String name) {
        for (Dependent dependent : dependents) {
            if (dependent.secret().equals(name)) {
                run(name, dependent.update());
            }
        }
    }

    void announce(String name) {
        for (SecretRotationListener listener : listeners) {
            run(name, () -> listener.secretRotated(name));
        }
        run(name, () -> publisher.publishEvent(new SecretRotatedEvent(name)));
    }

    /** Listeners in Kotlin throw checked exceptions, too. */
    private static void run(String name, Runnable listener) {
        try {
            listener.run();
        } catch (Throwable e) {
            log(name, e);
        }
    }

    /** Without memory for a message there is none; the other listeners are told all the same. */
    private static void log(String name, Throwable failure) {
        try {
            LOG.error(
                    "A listener failed after the secret '{}' was rotated; the secret is in use all the same",
                    name,
                    failure);
        } catch (Throwable e) {
            Thread.onSpinWait();
        }
    }
}
