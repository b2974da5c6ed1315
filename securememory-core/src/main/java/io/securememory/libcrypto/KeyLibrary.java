package io.securememory.libcrypto;

import java.nio.ByteBuffer;

/**
 * OpenSSL's libcrypto 3, for computing with keys. Calls are made as they are: nothing here checks an argument or
 * interprets a result.
 *
 * <p>Addresses are machine words. The caller owns the memory that they point to. Handles are addresses, too; 0 stands
 * for none. Of a result that is an int in C, only the low 32 bits count.
 *
 * <p><b>Threading.</b> Safe for use by several threads, if each context is used by one thread at a time. Functions can
 * be called as long as this object is reachable.
 */
public interface KeyLibrary {

    /**
     * Returns the version.
     *
     * @return for example {@code OpenSSL 3.0.19 27 Jan 2026}
     */
    String version();

    /**
     * Calls a function.
     *
     * @param function which
     * @param first first argument
     * @param second second argument; 0 if it takes none, likewise for the others
     * @param third third argument
     * @param fourth fourth argument
     * @param fifth fifth argument
     * @param sixth sixth argument
     * @return its result; anything if it has none
     */
    @SuppressWarnings("checkstyle:ParameterNumber")
    long call(KeyFunction function, long first, long second, long third, long fourth, long fifth, long sixth);

    /**
     * Calls a function of at most three arguments.
     *
     * @param function which
     * @param first first argument
     * @param second second argument
     * @param third third argument
     * @return its result; anything if it has none
     */
    default long call(KeyFunction function, long first, long second, long third) {
        return call(function, first, second, third, 0, 0, 0);
    }

    /**
     * Calls a function of one argument.
     *
     * @param function which
     * @param first the argument
     * @return its result; anything if it has none
     */
    default long call(KeyFunction function, long first) {
        return call(function, first, 0, 0, 0, 0, 0);
    }

    /**
     * Returns where the bytes of a direct buffer are.
     *
     * @param buffer a direct buffer
     * @return address of the byte at index 0
     */
    long addressOf(ByteBuffer buffer);
}
