package io.securememory.jca.spi;

import io.securememory.SecretView;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.PrivateKeyEngine;
import java.security.GeneralSecurityException;

/**
 * Uses a private key once.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface KeyUse<T> {

    /**
     * Computes with the key.
     *
     * @param engine computes
     * @param numbers the secret numbers, until this method returns
     * @param shape their layout
     * @return the result
     * @throws GeneralSecurityException if it cannot be computed
     */
    T with(PrivateKeyEngine engine, SecretView numbers, KeyShape shape) throws GeneralSecurityException;
}
