package io.securememory.internal;

import io.securememory.Secret;
import io.securememory.memguard.MutableViewConsumer;

/** A secret of this library, of which other secrets can be made that end with it. */
public interface SourceSecret extends Secret {

    /**
     * Makes a secret in the same session, which is stored in the same way. When this secret is closed, the new one is
     * closed, too.
     *
     * @param length bytes
     * @param filler writes them
     * @return the secret, which the caller may close earlier
     * @throws io.securememory.SecretClosedException if this secret is closed; the bytes are wiped then
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory for it
     */
    Secret derive(int length, MutableViewConsumer<RuntimeException> filler);
}
