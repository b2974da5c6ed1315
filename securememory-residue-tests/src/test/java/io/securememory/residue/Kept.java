package io.securememory.residue;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What an application keeps for as long as it runs.
 *
 * @param first an object of a library
 * @param second another one
 * @param third another one
 */
record Kept(Object first, @Nullable Object second, @Nullable Object third) implements AutoCloseable {

    static Kept of(Object first) {
        return new Kept(first, null, null);
    }

    static Kept of(Object first, Object second) {
        return new Kept(first, second, null);
    }

    /** Closes a context. */
    @Override
    public void close() {
        if (first instanceof ConfigurableApplicationContext context) {
            context.close();
        }
    }
}
