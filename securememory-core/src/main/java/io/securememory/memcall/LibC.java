package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The C library's functions, one to one, without any interpretation of results.
 *
 * <p>Addresses and lengths are unsigned machine words; only 64-bit platforms are supported.
 */
interface LibC {

    /** Maps pages, of a file unless {@code fd} is -1; returns the address, or -1. */
    long mmap(long length, int protection, int flags, int fd);

    /** Moves a mapping, with its size as it is; returns the new address, or -1. */
    long mremap(long address, long length, int flags, long newAddress);

    /** Returns a file descriptor, or -1. */
    int memfdSecret(int flags);

    int ftruncate(int fd, long length);

    int close(int fd);

    int munmap(long address, long length);

    int mprotect(long address, long length, int protection);

    int mlock(long address, long length);

    int munlock(long address, long length);

    int madvise(long address, long length, int advice);

    /** Returns the number of bytes filled, or -1. */
    long getrandom(long address, long length);

    long sysconf(int name);

    /** Fills {@code softAndHard[0]} and {@code [1]}. */
    int getrlimit(int resource, long[] softAndHard);

    int setrlimit(int resource, long soft, long hard);

    /** The error number of this thread's last call, valid only if that call failed. */
    int errno();

    /** A direct buffer over memory that nothing else owns. */
    ByteBuffer buffer(long address, int length);

    /** A direct buffer that dies with its scope, or null if this Java has none. */
    @Nullable
    ScopedBuffer scopedBuffer(long address, int length);

    String name();
}
