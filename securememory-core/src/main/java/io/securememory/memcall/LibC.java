package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The C library's functions, one to one, without any interpretation of results. Functions that every system has are
 * methods. A function that only one system has is found by its name.
 *
 * <p>Addresses and lengths are unsigned machine words; only 64-bit platforms are supported.
 */
interface LibC {

    /** Maps pages, of a file unless {@code fd} is -1; returns the address, or -1. */
    long mmap(long length, int protection, int flags, int fd);

    int ftruncate(int fd, long length);

    int close(int fd);

    int munmap(long address, long length);

    int mprotect(long address, long length, int protection);

    int mlock(long address, long length);

    int munlock(long address, long length);

    int madvise(long address, long length, int advice);

    /**
     * Calls the function for random bytes that the platform's table names, with 0 as the third argument. The meaning
     * of the result depends on the platform.
     */
    long random(long address, long length);

    long sysconf(int name);

    /** Fills {@code softAndHard[0]} and {@code [1]}. */
    int getrlimit(int resource, long[] softAndHard);

    int setrlimit(int resource, long soft, long hard);

    /**
     * Finds a function that some systems do not have. Finding it, and each call of it, takes longer than the methods
     * here.
     *
     * @throws io.securememory.UnsupportedPlatformException if the C library has no such function
     */
    NamedFunction named(String name);

    /** The error number of this thread's last call, valid only if that call failed. */
    int errno();

    /** A direct buffer over memory that nothing else owns. */
    ByteBuffer buffer(long address, int length);

    /** A direct buffer that becomes invalid when its scope is closed, or null if this Java has no such buffers. */
    @Nullable
    ScopedBuffer scopedBuffer(long address, int length);

    String name();

    /**
     * A function that takes up to five integers or addresses and returns one. It ignores arguments that it does not
     * declare. On Linux, the function may also be variadic, because variadic arguments are passed like declared ones
     * there.
     */
    interface NamedFunction {

        /**
         * Calls the function. A call that returned -1 may be repeated to get its error number. If the function returns
         * an int, it is the lower half of the result.
         */
        long call(long first, long second, long third, long fourth, long fifth);
    }
}
