package io.securememory.memcall;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.securememory.UnsupportedPlatformException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/** The C library through the foreign function and memory API. */
@SuppressWarnings("restricted") // This class exists to call native code.
final class ForeignLibC extends ForeignMemory implements LibC {

    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final long ERRNO =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** Receives the error number of a call. There is one for each thread; the garbage collector frees it. */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    /**
     * Bound on first use, so that a denial of native access appears in {@link #open()}.
     *
     * <p>All functions are called with the same signature, because linking a signature takes some ten milliseconds and
     * binding an address takes almost no time. The signature has as many machine words as the function with the most
     * arguments. A function ignores arguments that it does not declare, whether they are in a register or in the
     * caller's frame. An int is the lower half of a word, also as a result.
     *
     * <p>There are two handles, because a handle that captures the error number creates a memory segment object on the
     * heap in each call. A call that failed is repeated with that handle to get the reason. The repeated call changes
     * nothing, or succeeds.
     */
    private static final class Functions {
        private static final FunctionDescriptor SHAPE =
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

        static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(SHAPE);
        static final MethodHandle CALL_FOR_ERRNO = Linker.nativeLinker().downcallHandle(SHAPE, CAPTURE_ERRNO);

        static final MemorySegment MMAP = address("mmap");
        static final MemorySegment FTRUNCATE = address("ftruncate");
        static final MemorySegment CLOSE = address("close");
        static final MemorySegment MUNMAP = address("munmap");
        static final MemorySegment MPROTECT = address("mprotect");
        static final MemorySegment MLOCK = address("mlock");
        static final MemorySegment MUNLOCK = address("munlock");
        static final MemorySegment MADVISE = address("madvise");
        static final MemorySegment RANDOM = address(Platform.current().random().symbol());
        static final MemorySegment SYSCONF = address("sysconf");
        static final MemorySegment GETRLIMIT = address("getrlimit");
        static final MemorySegment SETRLIMIT = address("setrlimit");

        private Functions() {}

        static MemorySegment address(String name) {
            return Linker.nativeLinker()
                    .defaultLookup()
                    .find(name)
                    .orElseThrow(() ->
                            new UnsupportedPlatformException("The C library has no function " + name + ".", null));
        }
    }

    private ForeignLibC() {}

    static boolean isAvailable() {
        return true;
    }

    static LibC open() {
        try {
            Objects.requireNonNull(Functions.MMAP);
            return new ForeignLibC();
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            throw denied(e);
        }
    }

    @Override
    public long mmap(long length, int protection, int flags, int fd) {
        return call(Functions.MMAP, 0, length, protection, flags, fd, 0);
    }

    @Override
    public int ftruncate(int fd, long length) {
        return (int) call(Functions.FTRUNCATE, fd, length);
    }

    @Override
    public int close(int fd) {
        return (int) callForErrno(Functions.CLOSE, fd, 0, 0, 0, 0, 0); // A second call could close another file.
    }

    @Override
    public int munmap(long address, long length) {
        return (int) call(Functions.MUNMAP, address, length);
    }

    @Override
    public int mprotect(long address, long length, int protection) {
        return (int) call(Functions.MPROTECT, address, length, protection, 0, 0, 0);
    }

    @Override
    public int mlock(long address, long length) {
        return (int) call(Functions.MLOCK, address, length);
    }

    @Override
    public int munlock(long address, long length) {
        return (int) call(Functions.MUNLOCK, address, length);
    }

    @Override
    public int madvise(long address, long length, int advice) {
        return (int) call(Functions.MADVISE, address, length, advice, 0, 0, 0);
    }

    @Override
    public long random(long address, long length) {
        return call(Functions.RANDOM, address, length);
    }

    @Override
    public long sysconf(int name) {
        return call(Functions.SYSCONF, name, 0);
    }

    @Override
    public int getrlimit(int resource, long[] softAndHard) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(JAVA_LONG, 2);
            long result = call(Functions.GETRLIMIT, resource, limit.address());
            softAndHard[0] = limit.getAtIndex(JAVA_LONG, 0);
            softAndHard[1] = limit.getAtIndex(JAVA_LONG, 1);
            return (int) result;
        }
    }

    @Override
    public int setrlimit(int resource, long soft, long hard) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(JAVA_LONG, 2);
            limit.setAtIndex(JAVA_LONG, 0, soft);
            limit.setAtIndex(JAVA_LONG, 1, hard);
            return (int) call(Functions.SETRLIMIT, resource, limit.address());
        }
    }

    @Override
    public NamedFunction named(String name) {
        MemorySegment function = Functions.address(name);
        return (first, second, third, fourth, fifth) -> call(function, first, second, third, fourth, fifth, 0);
    }

    @Override
    public int errno() {
        return STATE.get().get(JAVA_INT, ERRNO);
    }

    private static long call(MemorySegment function, long first, long second) {
        return call(function, first, second, 0, 0, 0, 0);
    }

    @SuppressWarnings("checkstyle:ParameterNumber")
    private static long call(
            MemorySegment function, long first, long second, long third, long fourth, long fifth, long sixth) {
        try {
            long result = (long) Functions.CALL.invokeExact(function, first, second, third, fourth, fifth, sixth);
            return (int) result == -1 ? callForErrno(function, first, second, third, fourth, fifth, sixth) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("checkstyle:ParameterNumber")
    private static long callForErrno(
            MemorySegment function, long first, long second, long third, long fourth, long fifth, long sixth) {
        try {
            return (long) Functions.CALL_FOR_ERRNO.invokeExact(
                    function, STATE.get(), first, second, third, fourth, fifth, sixth);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }
}
