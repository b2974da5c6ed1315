package io.securememory.spring.boot.sources;

import io.securememory.memguard.LockedBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a declared secret come from, if not from a file or the class path. The {@code toString} is a name for
 * messages.
 *
 * <p>Threading: immutable; each read is independent of others.
 */
public interface Origin {

    /**
     * Reads everything into native memory.
     *
     * @param maxLength most bytes to accept
     * @return a buffer, which the caller closes
     * @throws SourceException if it cannot be read
     * @throws io.securememory.MemoryLimitException if there is no locked memory for it
     */
    LockedBuffer read(SourceAccess access, int maxLength);

    /** Tells whether there is nothing for certain, without reading it. */
    default boolean isAbsent() {
        return false;
    }

    /** Returns why a later read can bring nothing new, or null if it can. */
    default @Nullable String whyFixed() {
        return null;
    }

    /** Returns a warning about copies that stay where it was read, or null if there are none. */
    default @Nullable String warning() {
        return null;
    }
}
