package io.securememory;

import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * An action that uses a secret as a JCA key. The key cannot be used after the action.
 *
 * @param <T> type of the result
 * @param <E> type of the checked exception that the action may throw
 */
@FunctionalInterface
public interface SecretKeyFunction<T extends @Nullable Object, E extends Exception> {

    /**
     * Runs the action.
     *
     * @param key the key, which throws {@link IllegalStateException} once the action has ended
     * @return the result, which must not refer to the argument
     * @throws E if the action fails; it reaches the caller unchanged
     */
    T apply(SecretKey key) throws E;
}
