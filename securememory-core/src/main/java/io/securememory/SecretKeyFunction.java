package io.securememory;

import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * An action with a secret as a JCA key, which is dead when the action ends.
 *
 * @param <T> type of the result
 * @param <E> type of the checked exception that the action may throw
 */
@FunctionalInterface
public interface SecretKeyFunction<T extends @Nullable Object, E extends Exception> {

    /**
     * Runs the action.
     *
     * @param key the key, dead when the action ends
     * @return the result, which must not hold the argument
     * @throws E if the action fails; it reaches the caller unchanged
     */
    T apply(SecretKey key) throws E;
}
