package io.securememory.memcall;

import io.securememory.memcall.internal.JnaBinding;
import java.util.Map;

/** The C library's functions in JNA's direct mapping, for whoever has an instance. */
final class JnaFunctions {

    /** The library is the running process itself, so that no function goes when it is closed. */
    private static final JnaBinding BINDING =
            new JnaBinding(JnaFunctions.class, () -> com.sun.jna.Platform.C_LIBRARY_NAME, Map.of());

    private JnaFunctions() {}

    /**
     * Binds the functions unless they are.
     *
     * @throws LinkageError if JNA is missing, too old, or cannot load its library
     */
    static JnaFunctions open() {
        return BINDING.open(new JnaFunctions());
    }

    static int instances() {
        return BINDING.instances();
    }

    static boolean isBound() {
        return BINDING.isBound();
    }

    native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    native long mremap(long address, long oldLength, long newLength, int flags, long newAddress);

    native long syscall(long number, long argument);

    native int ftruncate(int fd, long length);

    native int close(int fd);

    native int munmap(long address, long length);

    native int mprotect(long address, long length, int protection);

    native int mlock(long address, long length);

    native int munlock(long address, long length);

    native int madvise(long address, long length, int advice);

    native long getrandom(long address, long length, int flags);

    native long sysconf(int name);

    native int getrlimit(int resource, long limit);

    native int setrlimit(int resource, long limit);
}
