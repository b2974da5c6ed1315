package io.securememory.spring.boot.credentials;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A secret that an object which a driver makes by the name of its class can find, until this is closed.
 *
 * <p>Threading: safe for use by several threads.
 */
final class LentSecret implements AutoCloseable {

    private static final Map<String, Secret> LENT = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT = new AtomicLong();

    private final String id = Long.toString(NEXT.incrementAndGet());

    LentSecret(Secret secret) {
        LENT.put(id, secret);
    }

    /**
     * Returns a secret that is lent now.
     *
     * @throws SecretClosedException if there is none with this id
     */
    static Secret find(@Nullable String id) {
        Secret secret = id == null ? null : LENT.get(id);
        if (secret == null) {
            throw new SecretClosedException("No password is lent to this connection any more.");
        }
        return secret;
    }

    String id() {
        return id;
    }

    @Override
    public void close() {
        LENT.remove(id);
    }
}
