package io.securememory.memguard.internal;

import java.nio.ByteBuffer;

/**
 * A computation in guarded, locked native memory.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface Computation<T> {

    /**
     * Computes.
     *
     * @param memory native memory, little-endian
     * @param at first byte of the memory for this computation, which is zeros, and is wiped afterwards
     * @return the result, which must not be secret
     */
    T in(ByteBuffer memory, int at);
}
