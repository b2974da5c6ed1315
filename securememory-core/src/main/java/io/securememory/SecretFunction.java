package io.securememory;

import org.jspecify.annotations.Nullable;

/**
 * An action that reads a secret and returns a result.
 *
 * @param <T> type of the result
 * @param <E> type of the checked exception that the action may throw
 */
@FunctionalInterface
public interface SecretFunction<T extends @Nullable Object, E extends Exception> {

    /**
     * Runs the action.
     *
     * @param view shows the bytes, until the action ends
     * @return the result, which must not refer to the argument
     * @throws E if the action fails; it reaches the caller unchanged
     */
    T apply(SecretView view) throws E;
}
