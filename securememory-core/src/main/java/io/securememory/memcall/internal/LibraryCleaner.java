package io.securememory.memcall.internal;

import java.lang.ref.Cleaner;

/**
 * The library's one thread that learns what became unreachable, for all sessions. Starts when it is first asked for.
 *
 * <p>Java makes the thread without anything of the class loader that asks, and ends it when this class is unreachable. Until
 * then the thread refers to what is registered and not cleaned: as that is code of this library, and keeps its class loader,
 * whoever closes something cleans it.
 */
public final class LibraryCleaner {

    private static final Cleaner CLEANER = Cleaner.create();

    private LibraryCleaner() {}

    /**
     * Returns the cleaner.
     *
     * @return always the same
     */
    public static Cleaner get() {
        return CLEANER;
    }
}
