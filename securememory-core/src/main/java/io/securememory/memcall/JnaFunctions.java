package io.securememory.memcall;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.securememory.UnsupportedPlatformException;
import io.securememory.memcall.internal.Apart;
import io.securememory.memcall.internal.JnaBinding;
import java.util.Map;

/** The C library's functions in JNA's direct mapping. They can be called while an instance exists. */
final class JnaFunctions {

    /** The library is the running process itself, so that closing it removes no function. */
    private static final JnaBinding BINDING = new JnaBinding(
            JnaFunctions.class,
            () -> com.sun.jna.Platform.C_LIBRARY_NAME,
            Map.of(),
            Map.of("random", Platform.current().random().symbol()));

    private JnaFunctions() {}

    /**
     * Binds the functions unless they are already bound.
     *
     * @throws LinkageError if JNA is missing, too old, or cannot load its library
     */
    static JnaFunctions open() {
        return BINDING.open(new JnaFunctions());
    }

    /**
     * Finds a function that some systems do not have, and that therefore is not bound in advance.
     *
     * @throws UnsupportedPlatformException if the C library has no such function
     */
    static synchronized Function find(String name) {
        return Apart.get(() -> {
            NativeLibrary opened = NativeLibrary.getInstance(
                    com.sun.jna.Platform.C_LIBRARY_NAME, Map.of(JnaFunctions.class.getName() + ".find", true));
            try {
                return Function.getFunction(opened.getFunction(name)); // Holds no reference to the library.
            } catch (UnsatisfiedLinkError e) {
                throw new UnsupportedPlatformException("The C library has no function " + name + ".", e);
            } finally {
                close(opened);
            }
        });
    }

    @SuppressWarnings("deprecation") // Older versions have no other name for closing it.
    private static void close(NativeLibrary opened) {
        opened.dispose();
    }

    static int instances() {
        return BINDING.instances();
    }

    static boolean isBound() {
        return BINDING.isBound();
    }

    native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    native int ftruncate(int fd, long length);

    native int close(int fd);

    native int munmap(long address, long length);

    native int mprotect(long address, long length, int protection);

    native int mlock(long address, long length);

    native int munlock(long address, long length);

    native int madvise(long address, long length, int advice);

    native long random(long address, long length, int flags);

    native long sysconf(int name);

    native int getrlimit(int resource, long limit);

    native int setrlimit(int resource, long limit);
}
