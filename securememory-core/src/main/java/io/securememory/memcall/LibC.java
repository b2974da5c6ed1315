package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The C library's functions, one to one, without any interpretation of results. Those that every system has are methods; what
 * only one system has is found by its name.
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

    /** Calls what the platform's table names for this, with a third argument of 0; what it returns is the platform's. */
    long random(long address, long length);

    long sysconf(int name);

    /** Fills {@code softAndHard[0]} and {@code [1]}. */
    int getrlimit(int resource, long[] softAndHard);

    int setrlimit(int resource, long soft, long hard);

    /**
     * Finds a function that not every system has. Takes longer than any of the methods here, as does each call.
     *
     * @throws io.securememory.UnsupportedPlatformException if the C library has no such function
     */
    NamedFunction named(String name);

    /** The error number of this thread's last call, valid only if that call failed. */
    int errno();

    /** A direct buffer over memory that nothing else owns. */
    ByteBuffer buffer(long address, int length);

    /** A direct buffer that dies with its scope, or null if this Java has none. */
    @Nullable
    ScopedBuffer scopedBuffer(long address, int length);

    String name();

    /**
     * A function of up to five integers or addresses that returns one; it does not look at those that it does not declare.
     * On Linux also a variadic one, as such arguments travel there as declared ones do.
     */
    interface NamedFunction {

        /** Calls it; a call that returned -1 may be made again, to learn its error number. An int is the lower half. */
        long call(long first, long second, long third, long fourth, long fifth);
    }
}
