package io.securememory.spring.boot.autoconfigure.ssl;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;

/**
 * Gives new content of one bundle to the registry, which notifies the users of the bundle. If one of them throws, the delivery
 * is tried again. There are only a few tries, because each one notifies all users again.
 *
 * <p>Threading: safe for use by several threads. There is one delivery at a time.
 */
final class BundleDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedBundle.class);

    private final String name;
    private final SslBundleRegistry registry;
    private final RetryPauses pauses;

    /** Content that the registry has not been given yet, or null. */
    private final AtomicReference<@Nullable SslBundle> undelivered = new AtomicReference<>();

    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile boolean registered;

    BundleDelivery(String name, SslBundleRegistry registry, InstantSource clock) {
        this.name = name;
        this.registry = registry;
        this.pauses = new RetryPauses(clock);
    }

    /** Takes new content to deliver. It replaces content that was not delivered yet. */
    void offer(SslBundle next) {
        undelivered.set(next);
        pauses.reset();
    }

    /** Allows undelivered content to be tried again, no matter how often it failed. */
    void tryAgain() {
        pauses.reset();
    }

    boolean isPending() {
        return undelivered.get() != null;
    }

    /**
     * Delivers new content that is due, unless another thread is delivering.
     *
     * @param delivered called when nothing is left to deliver
     * @param refused called with what was thrown, and the pause before the next try, or null if there is none
     */
    void deliverDue(Runnable delivered, BiConsumer<Throwable, @Nullable Duration> refused) {
        while (isPending() && pauses.isDue() && telling.compareAndSet(false, true)) {
            try {
                deliver(delivered);
            } catch (Throwable e) {
                refused.accept(e, pauses.failed());
                return;
            } finally {
                telling.set(false);
            }
        }
    }

    /** Delivers new content. Exceptions go to the caller. */
    void deliver(Runnable delivered) {
        SslBundle next = undelivered.get();
        if (next == null) {
            return;
        }
        if (registered) {
            registry.updateBundle(name, next);
            LOG.info("The SSL bundle '{}' has new content", name);
        } else {
            registry.registerBundle(name, next);
            registered = true;
        }
        if (undelivered.compareAndSet(next, null)) {
            delivered.run();
        }
    }
}
