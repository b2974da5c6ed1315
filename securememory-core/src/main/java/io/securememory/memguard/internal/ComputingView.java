package io.securememory.memguard.internal;

import io.securememory.SecretView;
import io.securememory.crypto.LibCrypto;
import org.jspecify.annotations.Nullable;

/** A view whose bytes can be computed with, in guarded memory of its session. */
public interface ComputingView extends SecretView {

    /**
     * Runs a computation in memory that nothing else uses, and that is wiped afterwards.
     *
     * @param size bytes of memory that it needs
     * @param computation the computation
     * @param <T> type of the result
     * @return the computation's result
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory for it
     * @throws io.securememory.SecretClosedException if a purge comes while it runs
     */
    <T> T compute(int size, Computation<T> computation);

    /**
     * Returns the library that this session computes with. It is loaded by the first call.
     *
     * @return always the same, or null if the machine has none or the session must not use it
     */
    @Nullable
    LibCrypto library();
}
