package io.securememory.jca.engine;

import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.lang.ref.Reference;
import java.security.ProviderException;

/**
 * An algorithm of libcrypto. It is fetched when it is first needed, and kept for as long as the process: fetching takes
 * longer than most computations.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
final class Fetched {

    private final KeyLibrary library;
    private final KeyFunction fetcher;
    private final String name;

    /** Kept here: libcrypto reads it, and a text that nobody has any more is freed. */
    private final CString text;

    /** 0 until it was fetched. */
    private volatile long handle;

    Fetched(KeyLibrary library, KeyFunction fetcher, String name) {
        this.library = library;
        this.fetcher = fetcher;
        this.name = name;
        this.text = new CString(name);
    }

    /** @throws ProviderException if the library does not have it */
    long handle() {
        long known = handle;
        return known != 0 ? known : fetch();
    }

    private synchronized long fetch() {
        if (handle == 0) {
            try {
                handle = library.call(fetcher, 0, text.at(library), 0);
            } finally {
                Reference.reachabilityFence(text);
            }
        }
        if (handle == 0) {
            throw missing(library, name);
        }
        return handle;
    }

    /** Returns the exception for an algorithm that the library does not have. */
    static ProviderException missing(KeyLibrary library, String name) {
        library.call(KeyFunction.ERR_clear_error, 0);
        return new ProviderException(
                library.version() + " has no " + name + "; does its configuration (openssl.cnf) leave it out?");
    }
}
