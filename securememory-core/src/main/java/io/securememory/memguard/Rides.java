package io.securememory.memguard;

import io.securememory.SecretFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs the actions of leases that ride on another lease of the same region and thread. They are no stays of their own:
 * {@link ExitingReaders} recognizes them by these frames on the stack.
 */
final class Rides {

    private Rides() {}

    static <T extends @Nullable Object, E extends Exception> T read(Lease lease, SecretFunction<? extends T, E> action)
            throws E {
        return action.apply(lease);
    }

    static <E extends Exception> void write(Lease lease, MutableViewConsumer<E> action) throws E {
        action.accept(lease);
    }
}
