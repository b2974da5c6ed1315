package io.securememory.jca.spi;

import io.securememory.Secret;
import io.securememory.jca.engine.KeyShape;

/** What a key object is made of at some time. */
public interface KeyContent {

    /**
     * Numbers in protected memory, and what is public about them.
     *
     * @param shape the public part
     * @param numbers the secret part
     */
    record Numbers(KeyShape shape, Secret numbers) {}

    /**
     * Returns the numbers that are in use now.
     *
     * @return always the same object until there are other numbers
     * @throws io.securememory.SecretClosedException if there are none any more
     * @throws io.securememory.MalformedSecretException if the secret was replaced by something that is no key
     */
    Numbers current();

    /** Closes what belongs to the key object alone. Idempotent. */
    void close();

    /**
     * Tells whether the key can no longer be used.
     *
     * @return true after {@link #close()}, or if the secret is closed or purged
     */
    boolean isClosed();
}
