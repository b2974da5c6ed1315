package io.securememory;

/**
 * An action that reads a secret and returns nothing.
 *
 * @param <E> type of the checked exception that the action may throw
 */
@FunctionalInterface
public interface SecretConsumer<E extends Exception> {

    /**
     * Runs the action.
     *
     * @param view shows the bytes, until the action ends
     * @throws E if the action fails; it reaches the caller unchanged
     */
    void accept(SecretView view) throws E;
}
