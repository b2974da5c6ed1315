package io.securememory.memcall;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.securememory.memcall.internal.LibraryCleaner;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The C library's functions in JNA's direct mapping, for whoever has an instance.
 *
 * <p>Nothing of JNA that stays is left behind, because a container that drops an application could never be rid of its class
 * loader otherwise. A bound function is held by native code, so that all are unbound when the last instance is unreachable:
 * then nobody is inside one, as native code holds the instance it was called on. What JNA's cleaner has to clean, keeps its
 * thread; here that is nothing, and half a minute later the thread ends. What JNA keeps for a thread is kept for one that
 * ends at once.
 *
 * <p>Only what old versions of JNA have is used, as an application gets the version that its other libraries brought.
 */
final class JnaFunctions {

    /** Each leaves some kilobytes of native memory, which JNA does not give back; after so many, the last one stays. */
    static final int MAX_BINDINGS = 100;

    /** Instances that are reachable. Guarded by the class, as are the other two. */
    private static int instances;

    private static int bindings;
    private static boolean bound;

    private JnaFunctions() {}

    /**
     * Binds the functions unless they are.
     *
     * @throws LinkageError if JNA is missing, too old, or cannot load its library
     */
    static synchronized JnaFunctions open() {
        if (!bound) {
            bindApart();
            bindings++;
            bound = true;
        }
        JnaFunctions opened = new JnaFunctions();
        instances++;
        LibraryCleaner.get().register(opened, JnaFunctions::unbindAfterLast);
        return opened;
    }

    private static synchronized void unbindAfterLast() {
        instances--;
        if (instances == 0 && bindings < MAX_BINDINGS) {
            bound = false;
            Native.unregister(JnaFunctions.class);
        }
    }

    static synchronized int instances() {
        return instances;
    }

    static synchronized boolean isBound() {
        return bound;
    }

    /** In a thread of its own, and not interrupted: the thread that asks may be one of a container's. */
    private static void bindApart() {
        FutureTask<Void> binding = new FutureTask<>(JnaFunctions::bind, null);
        Thread thread = new Thread(null, binding, "securememory-bind", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // Threads that JNA and Java start in it inherit that.
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                binding.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw failure(Objects.requireNonNullElse(e.getCause(), e));
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /**
     * Closes the library once its functions are bound. It is the running process itself, so that no function goes, and an
     * instance that nobody else has, by an option that JNA does not know.
     */
    @SuppressWarnings("deprecation") // Older versions have no other name for closing it.
    private static void bind() {
        NativeLibrary process = NativeLibrary.getInstance(
                com.sun.jna.Platform.C_LIBRARY_NAME, Map.of(JnaFunctions.class.getName(), true));
        try {
            Native.register(JnaFunctions.class, process);
        } finally {
            process.dispose();
        }
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
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
