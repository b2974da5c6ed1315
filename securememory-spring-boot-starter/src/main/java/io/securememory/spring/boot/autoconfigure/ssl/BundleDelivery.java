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
 * Gives the registry what is new of one bundle, which tells those who use the bundle. What one of them throws is tried again, a few
 * times only, as the others are told again with it.
 *
 * <p>Threading: safe; one delivery at a time.
 */
final class BundleDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedBundle.class);

    private final String name;
    private final SslBundleRegistry registry;
    private final RetryPauses pauses;

    /** What the registry has not been given yet. */
    private final AtomicReference<@Nullable SslBundle> undelivered = new AtomicReference<>();

    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile boolean registered;

    BundleDelivery(String name, SslBundleRegistry registry, InstantSource clock) {
        this.name = name;
        this.registry = registry;
        this.pauses = new RetryPauses(clock);
    }

    /** Takes what is to be delivered in place of what was. */
    void offer(SslBundle next) {
        undelivered.set(next);
        pauses.reset();
    }

    /** Has what is not delivered tried again, however often it failed. */
    void tryAgain() {
        pauses.reset();
    }

    boolean isPending() {
        return undelivered.get() != null;
    }

    /**
     * Delivers what is new and due, unless another thread is at it.
     *
     * @param delivered called when nothing is left
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

    /** Delivers what is new. What is thrown goes to the caller. */
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
