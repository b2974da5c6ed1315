package io.securememory;

import org.jspecify.annotations.Nullable;

/**
 * An action on a copy of a secret on the heap, which is wiped when the action ends.
 *
 * @param <T> type of the result
 * @param <E> type of the checked exception that the action may throw
 */
@FunctionalInterface
public interface HeapBytesFunction<T extends @Nullable Object, E extends Exception> {

    /**
     * Runs the action.
     *
     * @param bytes a copy of the bytes, wiped when the action ends
     * @return the result, which must not refer to the argument
     * @throws E if the action fails; it reaches the caller unchanged
     */
    T apply(byte[] bytes) throws E;
}
