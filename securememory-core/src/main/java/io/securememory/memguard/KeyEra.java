package io.securememory.memguard;

import io.securememory.SecretClosedException;
import java.util.function.Supplier;

/**
 * The time during which one key exists. A purge or a close ends it.
 *
 * @param coffer holds the key
 * @param begun a nonce that was used during that time
 */
record KeyEra(Coffer coffer, long begun) {

    static KeyEra present(Coffer coffer) {
        return new KeyEra(coffer, coffer.nextNonce());
    }

    /** Checks after a wait for a source that the key still exists. */
    void requirePresent() {
        if (!coffer.isCurrent(begun)) {
            throw new SecretClosedException(
                    "A purge or a close came while a source was read; what was read of it is void.");
        }
    }

    /**
     * Runs work that needs the key. If the key was destroyed, the work may fail in any way: then this throws {@link
     * SecretClosedException} instead.
     */
    <T> T run(Supplier<T> work) {
        requirePresent();
        try {
            return work.get();
        } catch (RuntimeException e) {
            requirePresent();
            throw e;
        }
    }
}
