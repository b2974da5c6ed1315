package io.securememory.memguard;

import io.securememory.SecretFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs the actions of leases that ride on another one of the same region and thread. They count for nothing, and their frames on
 * the stack tell {@link ExitingReaders} so.
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
