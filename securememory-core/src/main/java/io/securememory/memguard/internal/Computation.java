package io.securememory.memguard.internal;

import java.nio.ByteBuffer;

/**
 * What is computed in guarded, locked native memory.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface Computation<T> {

    /**
     * Computes.
     *
     * @param memory native memory, little-endian
     * @param at first byte that is the computation's own; zeros, and wiped after it
     * @return the result, which is no secret
     */
    T in(ByteBuffer memory, int at);
}
