package io.securememory.memcall;

/**
 * A native function that was found by its name or address. It takes up to five integers or addresses and returns one.
 * It ignores arguments that it does not declare.
 *
 * <p>On Linux, the function may also be variadic, because variadic arguments are passed like declared ones there.
 */
interface NamedFunction {

    /**
     * Calls the function. On POSIX systems, a call that returned -1 may be repeated to get its error number. If the
     * function returns an int, it is the lower half of the result.
     */
    long call(long first, long second, long third, long fourth, long fifth);
}
