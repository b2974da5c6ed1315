package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecureMemory;
import io.securememory.jca.SecureMemoryProvider;
import java.security.Provider;
import java.security.Security;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the provider for keys in protected memory in the JVM's list while a context is open. It is added at the end, so that
 * nothing changes for other keys.
 *
 * <p>All contexts that share this class share one provider. The last one to close removes it, because the list would keep the
 * class loader of an application that is no longer deployed.
 *
 * <p>The list takes each name once. If the application itself has added a {@link SecureMemoryProvider}, that one is used and
 * left in the list. If a class loader beside this one has added its own, that one takes no keys of this class loader, so that
 * another name is used here.
 *
 * <p>Threading: safe.
 */
public final class ProviderRegistration implements AutoCloseable {

    private static final Object LOCK = new Object();

    /** Number of registrations that are open. This and the next field are guarded by the lock. */
    private static int users;

    /** The provider that this class has added, or null. */
    private static @Nullable Provider added;

    private final Provider provider;
    private final AtomicBoolean closed = new AtomicBoolean();

    ProviderRegistration(SecureMemory session) {
        synchronized (LOCK) {
            provider = inTheList(session);
            users++;
        }
    }

    /**
     * Returns the provider. A key store is asked for with it, because another class loader may have one of the same type.
     *
     * @return the provider in the JVM's list that takes the keys of this class loader
     */
    public Provider provider() {
        return provider;
    }

    private static Provider inTheList(SecureMemory session) {
        Provider own = added;
        if (own != null && isInTheList(own)) {
            return own;
        }
        for (int number = 1; ; number++) {
            String name = SecureMemoryProvider.NAME + (number == 1 ? "" : "-" + number);
            Provider made = new SecureMemoryProvider(session, name);
            if (Security.addProvider(made) >= 0) {
                added = made;
                return made;
            }
            if (Security.getProvider(name) instanceof SecureMemoryProvider present) {
                return present;
            }
        }
    }

    /** Providers are compared as the tables that they are: one of another class loader may be equal. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isInTheList(Provider own) {
        return Security.getProvider(own.getName()) == own;
    }

    /** Removes the provider if no other context needs it. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        synchronized (LOCK) {
            users--;
            Provider own = added;
            if (users == 0 && own != null) {
                added = null;
                if (isInTheList(own)) {
                    Security.removeProvider(own.getName());
                }
            }
        }
    }
}
