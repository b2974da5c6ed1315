package io.securememory.memguard;

/**
 * An action that writes to a buffer.
 *
 * @param <E> type of the checked exception that the action may throw
 */
@FunctionalInterface
public interface MutableViewConsumer<E extends Exception> {

    /**
     * Runs the action.
     *
     * @param view the bytes, until the action ends
     * @throws E if the action fails; it reaches the caller unchanged, and what was written stays written
     */
    void accept(MutableView view) throws E;
}
