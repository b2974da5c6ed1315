package io.securememory.memcall;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.securememory.UnsupportedPlatformException;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** The C library through the foreign function and memory API. */
@SuppressWarnings("restricted") // Calling native code is what this class is for.
final class ForeignLibC implements LibC {

    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Where a call leaves its error number; one for each thread, freed by the garbage collector. */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    /** Bound when first touched, so that a denial of native access is met in {@link #open()}. */
    private static final class Functions {
        static final MethodHandle MMAP = function(
                "mmap",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle MREMAP = function(
                "mremap",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG),
                Linker.Option.firstVariadicArg(4));
        static final MethodHandle SYSCALL = function(
                "syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
        static final MethodHandle FTRUNCATE =
                function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle MUNMAP = function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        static final MethodHandle MPROTECT =
                function("mprotect", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
        static final MethodHandle MLOCK = function("mlock", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        static final MethodHandle MUNLOCK = function("munlock", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        static final MethodHandle MADVISE =
                function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
        static final MethodHandle GETRANDOM =
                function("getrandom", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
        static final MethodHandle SYSCONF = function("sysconf", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
        static final MethodHandle GETRLIMIT =
                function("getrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle SETRLIMIT =
                function("setrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

        private Functions() {}

        private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... more) {
            Linker linker = Linker.nativeLinker();
            MemorySegment symbol = linker.defaultLookup()
                    .find(name)
                    .orElseThrow(() ->
                            new UnsupportedPlatformException("The C library has no function " + name + ".", null));
            Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
            options[more.length] = CAPTURE_ERRNO;
            return linker.downcallHandle(symbol, descriptor, options);
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
        try {
            return (long) Functions.MMAP.invokeExact(STATE.get(), 0L, length, protection, flags, fd, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mremap(long address, long length, int flags, long newAddress) {
        try {
            return (long) Functions.MREMAP.invokeExact(STATE.get(), address, length, length, flags, newAddress);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int memfdSecret(int flags) {
        try {
            return (int) (long) Functions.SYSCALL.invokeExact(STATE.get(), LinuxProcess.SYS_MEMFD_SECRET, (long) flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int ftruncate(int fd, long length) {
        try {
            return (int) Functions.FTRUNCATE.invokeExact(STATE.get(), fd, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int close(int fd) {
        try {
            return (int) Functions.CLOSE.invokeExact(STATE.get(), fd);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int munmap(long address, long length) {
        return call(Functions.MUNMAP, address, length);
    }

    @Override
    public int mprotect(long address, long length, int protection) {
        return call(Functions.MPROTECT, address, length, protection);
    }

    @Override
    public int mlock(long address, long length) {
        return call(Functions.MLOCK, address, length);
    }

    @Override
    public int munlock(long address, long length) {
        return call(Functions.MUNLOCK, address, length);
    }

    @Override
    public int madvise(long address, long length, int advice) {
        return call(Functions.MADVISE, address, length, advice);
    }

    @Override
    public long getrandom(long address, long length) {
        try {
            return (long) Functions.GETRANDOM.invokeExact(STATE.get(), address, length, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long sysconf(int name) {
        try {
            return (long) Functions.SYSCONF.invokeExact(STATE.get(), name);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int getrlimit(int resource, long[] softAndHard) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(JAVA_LONG, 2);
            int result = (int) Functions.GETRLIMIT.invokeExact(STATE.get(), resource, limit.address());
            softAndHard[0] = limit.getAtIndex(JAVA_LONG, 0);
            softAndHard[1] = limit.getAtIndex(JAVA_LONG, 1);
            return result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int setrlimit(int resource, long soft, long hard) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(JAVA_LONG, 2);
            limit.setAtIndex(JAVA_LONG, 0, soft);
            limit.setAtIndex(JAVA_LONG, 1, hard);
            return (int) Functions.SETRLIMIT.invokeExact(STATE.get(), resource, limit.address());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int errno() {
        return (int) ERRNO.get(STATE.get(), 0L);
    }

    @Override
    public ByteBuffer buffer(long address, int length) {
        return MemorySegment.ofAddress(address)
                .reinterpret(length)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public ScopedBuffer scopedBuffer(long address, int length) {
        return new ConfinedBuffer(address, length);
    }

    @Override
    public String name() {
        return "ffm";
    }

    private static int call(MethodHandle function, long address, long length) {
        try {
            return (int) function.invokeExact(STATE.get(), address, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int call(MethodHandle function, long address, long length, int argument) {
        try {
            return (int) function.invokeExact(STATE.get(), address, length, argument);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }

    private static UnsupportedPlatformException denied(Throwable e) {
        return new UnsupportedPlatformException(
                "Native access is denied: allow it with --enable-native-access=ALL-UNNAMED (on the module path:"
                        + " --enable-native-access=io.securememory), or with the line Enable-Native-Access: ALL-UNNAMED"
                        + " in the manifest of the executable jar.",
                e);
    }

    /** A view over memory that ends with a confined arena; the arena owns no memory. */
    private static final class ConfinedBuffer implements ScopedBuffer {
        private final Arena arena = Arena.ofConfined();
        private final ByteBuffer buffer;

        ConfinedBuffer(long address, int length) {
            buffer = MemorySegment.ofAddress(address)
                    .reinterpret(length, arena, null)
                    .asByteBuffer()
                    .asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer buffer() {
            return buffer;
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
