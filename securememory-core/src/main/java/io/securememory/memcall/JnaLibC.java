package io.securememory.memcall;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The C library through JNA's direct mapping. */
final class JnaLibC implements LibC {

    /** Functions bound to the C library when this class is initialized. */
    private static final class Functions {
        static {
            Native.register(Functions.class, com.sun.jna.Platform.C_LIBRARY_NAME);
        }

        private Functions() {}

        static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

        static native long mremap(long address, long oldLength, long newLength, int flags, long newAddress);

        static native long syscall(long number, long argument);

        static native int ftruncate(int fd, long length);

        static native int close(int fd);

        static native int munmap(long address, long length);

        static native int mprotect(long address, long length, int protection);

        static native int mlock(long address, long length);

        static native int munlock(long address, long length);

        static native int madvise(long address, long length, int advice);

        static native long getrandom(long address, long length, int flags);

        static native long sysconf(int name);

        static native int getrlimit(int resource, long limit);

        static native int setrlimit(int resource, long limit);
    }

    /** Binds the functions, so that a library that cannot be loaded fails here and not at the first call. */
    JnaLibC() {
        Functions.sysconf(0);
    }

    @Override
    public long mmap(long length, int protection, int flags, int fd) {
        return Functions.mmap(0, length, protection, flags, fd, 0);
    }

    @Override
    public long mremap(long address, long length, int flags, long newAddress) {
        return Functions.mremap(address, length, length, flags, newAddress);
    }

    @Override
    public int memfdSecret(int flags) {
        return (int) Functions.syscall(LinuxProcess.SYS_MEMFD_SECRET, flags);
    }

    @Override
    public int ftruncate(int fd, long length) {
        return Functions.ftruncate(fd, length);
    }

    @Override
    public int close(int fd) {
        return Functions.close(fd);
    }

    @Override
    public int munmap(long address, long length) {
        return Functions.munmap(address, length);
    }

    @Override
    public int mprotect(long address, long length, int protection) {
        return Functions.mprotect(address, length, protection);
    }

    @Override
    public int mlock(long address, long length) {
        return Functions.mlock(address, length);
    }

    @Override
    public int munlock(long address, long length) {
        return Functions.munlock(address, length);
    }

    @Override
    public int madvise(long address, long length, int advice) {
        return Functions.madvise(address, length, advice);
    }

    @Override
    public long getrandom(long address, long length) {
        return Functions.getrandom(address, length, 0);
    }

    @Override
    public long sysconf(int name) {
        return Functions.sysconf(name);
    }

    @Override
    public int getrlimit(int resource, long[] softAndHard) {
        try (Memory limit = new Memory(2L * Long.BYTES)) {
            int result = Functions.getrlimit(resource, Pointer.nativeValue(limit));
            softAndHard[0] = limit.getLong(0);
            softAndHard[1] = limit.getLong(Long.BYTES);
            return result;
        }
    }

    @Override
    public int setrlimit(int resource, long soft, long hard) {
        try (Memory limit = new Memory(2L * Long.BYTES)) {
            limit.setLong(0, soft);
            limit.setLong(Long.BYTES, hard);
            return Functions.setrlimit(resource, Pointer.nativeValue(limit));
        }
    }

    @Override
    public int errno() {
        return Native.getLastError();
    }

    @Override
    public ByteBuffer buffer(long address, int length) {
        return new Pointer(address).getByteBuffer(0, length);
    }

    @Override
    public @Nullable ScopedBuffer scopedBuffer(long address, int length) {
        return null;
    }

    @Override
    public String name() {
        return "jna";
    }
}
