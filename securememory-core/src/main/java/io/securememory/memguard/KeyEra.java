package io.securememory.memguard;

import io.securememory.SecretClosedException;
import java.util.function.Supplier;

/**
 * The time of one key, which a purge or a close ends.
 *
 * @param coffer has the key
 * @param begun a nonce of that time
 */
record KeyEra(Coffer coffer, long begun) {

    static KeyEra present(Coffer coffer) {
        return new KeyEra(coffer, coffer.nextNonce());
    }

    /** Called after a wait for a source. */
    void requirePresent() {
        if (!coffer.isCurrent(begun)) {
            throw new SecretClosedException(
                    "A purge or a close came while a source was read; what was read of it is void.");
        }
    }

    /** Runs what the end of this time makes fail in one way or another: the failure is that of the end then. */
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
