package io.securememory.memcall;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The C library through JNA's direct mapping. */
final class JnaLibC extends JnaMemory implements LibC {

    private final JnaFunctions functions = JnaFunctions.open();

    @Override
    public long mmap(long length, int protection, int flags, int fd) {
        return functions.mmap(0, length, protection, flags, fd, 0);
    }

    @Override
    public int ftruncate(int fd, long length) {
        return functions.ftruncate(fd, length);
    }

    @Override
    public int close(int fd) {
        return functions.close(fd);
    }

    @Override
    public int munmap(long address, long length) {
        return functions.munmap(address, length);
    }

    @Override
    public int mprotect(long address, long length, int protection) {
        return functions.mprotect(address, length, protection);
    }

    @Override
    public int mlock(long address, long length) {
        return functions.mlock(address, length);
    }

    @Override
    public int munlock(long address, long length) {
        return functions.munlock(address, length);
    }

    @Override
    public int madvise(long address, long length, int advice) {
        return functions.madvise(address, length, advice);
    }

    @Override
    public long random(long address, long length) {
        return functions.random(address, length, 0);
    }

    @Override
    public long sysconf(int name) {
        return functions.sysconf(name);
    }

    @Override
    public int getrlimit(int resource, long[] softAndHard) {
        long limit = allocateLimit();
        try {
            int result = functions.getrlimit(resource, limit);
            softAndHard[0] = new Pointer(limit).getLong(0);
            softAndHard[1] = new Pointer(limit).getLong(Long.BYTES);
            return result;
        } finally {
            Native.free(limit);
        }
    }

    @Override
    public int setrlimit(int resource, long soft, long hard) {
        long limit = allocateLimit();
        try {
            new Pointer(limit).setLong(0, soft);
            new Pointer(limit).setLong(Long.BYTES, hard);
            return functions.setrlimit(resource, limit);
        } finally {
            Native.free(limit);
        }
    }

    /**
     * Allocates two machine words, which the caller frees. They are zero, because a call that fails writes nothing.
     */
    private static long allocateLimit() {
        long limit = Native.malloc(2L * Long.BYTES);
        if (limit == 0) {
            throw new OutOfMemoryError("no native memory for a limit");
        }
        new Pointer(limit).clear(2L * Long.BYTES);
        return limit;
    }

    @Override
    public NamedFunction named(String name) {
        Function function = JnaFunctions.find(name);
        return (first, second, third, fourth, fifth) ->
                function.invokeLong(new Object[] {first, second, third, fourth, fifth});
    }

    @Override
    public int errno() {
        return Native.getLastError();
    }
}
