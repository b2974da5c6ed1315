package io.securememory.memcall;

/**
 * The C library's functions, one to one, without any interpretation of results. Functions that every system has are
 * methods. A function that only one system has is found by its name.
 *
 * <p>Addresses and lengths are unsigned machine words; only 64-bit platforms are supported.
 */
interface LibC extends NativeMemory {

    /** Maps pages, of a file unless {@code fd} is -1; returns the address, or -1. */
    long mmap(long length, int protection, int flags, int fd);

    int ftruncate(int fd, long length);

    int close(int fd);

    int munmap(long address, long length);

    int mprotect(long address, long length, int protection);

    int mlock(long address, long length);

    int munlock(long address, long length);

    int madvise(long address, long length, int advice);

    /** Calls the platform's {@link RandomFunction}, which knows the meaning of the result. */
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
}
