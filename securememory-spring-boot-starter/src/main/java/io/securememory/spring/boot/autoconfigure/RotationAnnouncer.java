package io.securememory.spring.boot.autoconfigure;

import io.securememory.spring.boot.SecretRotatedEvent;
import io.securememory.spring.boot.SecretRotationListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Tells the listeners and the application context of rotations. What one of them throws is logged and goes no further. */
final class RotationAnnouncer {

    private static final Logger LOG = LoggerFactory.getLogger(RotationAnnouncer.class);

    private final List<SecretRotationListener> listeners = new CopyOnWriteArrayList<>();
    private final ApplicationEventPublisher publisher;

    RotationAnnouncer(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    void add(SecretRotationListener listener) {
        listeners.add(listener);
    }

    void remove(SecretRotationListener listener) {
        listeners.remove(listener);
    }

    void announce(String name) {
        for (SecretRotationListener listener : listeners) {
            announce(name, () -> listener.secretRotated(name));
        }
        announce(name, () -> publisher.publishEvent(new SecretRotatedEvent(name)));
    }

    private static void announce(String name, Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "A listener failed after the secret '{}' was rotated; the secret is in use all the same", name, e);
        }
    }
}
