package io.securememory.jca.spi;

import io.securememory.SecretView;
import io.securememory.jca.engine.SecretKeyEngine;

/**
 * Uses a secret key once.
 *
 * @param <T> type of the result
 * @param <E> type of its checked exception
 */
@FunctionalInterface
public interface SecretKeyUse<T, E extends Exception> {

    /**
     * Computes with the key.
     *
     * @param engine computes
     * @param key the bytes of the key, until this method returns
     * @return the result
     * @throws E if it cannot be computed
     */
    T with(SecretKeyEngine engine, SecretView key) throws E;
}
