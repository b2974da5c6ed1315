package io.securememory.memguard.internal;

import io.securememory.SecretView;

/** A view that can be computed with, in guarded memory of its session. */
public interface ComputingView extends SecretView {

    /**
     * Computes in memory that is this computation's alone, and wiped after it.
     *
     * @param size bytes of memory
     * @param computation what to do
     * @param <T> type of the result
     * @return the computation's result
     * @throws io.securememory.MemoryLimitException if there is no memory for it within the limit
     * @throws io.securememory.SecretClosedException if a purge came meanwhile
     */
    <T> T compute(int size, Computation<T> computation);
}
