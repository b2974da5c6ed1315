package io.securememory.spring.boot.sources;

import io.securememory.memguard.LockedBuffer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes a copy out of an access. An access may fail at its end although its action has made the copy, because a purge has wiped
 * what was read: then nobody would close the copy.
 */
final class Taken {

    private Taken() {}

    /**
     * Runs an access.
     *
     * @param access passes the copy that it makes to what it is given, and returns it
     * @return the copy, which the caller closes; if the access fails, it is closed already
     */
    static LockedBuffer of(Function<UnaryOperator<LockedBuffer>, LockedBuffer> access) {
        @Nullable LockedBuffer[] made = new @Nullable LockedBuffer[1];
        try {
            return access.apply(copy -> {
                made[0] = copy;
                return copy;
            });
        } catch (RuntimeException | Error e) {
            close(made[0], e);
            throw e;
        }
    }

    private static void close(@Nullable LockedBuffer lost, Throwable failure) {
        if (lost != null) {
            try {
                lost.close();
            } catch (RuntimeException | Error e) {
                failure.addSuppressed(e);
            }
        }
    }
}
