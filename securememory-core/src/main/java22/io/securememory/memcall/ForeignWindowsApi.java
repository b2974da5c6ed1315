package io.securememory.memcall;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Windows' functions through the foreign function and memory API.
 *
 * <p>All functions are called with the signature that is also that of the C library's. A function ignores arguments that
 * it does not declare.
 */
@SuppressWarnings("restricted") // This class exists to call native code.
final class ForeignWindowsApi extends ForeignMemory implements WindowsApi {

    private static final String LAST_ERROR = "GetLastError";

    private static final StructLayout STATE_LAYOUT = Linker.Option.captureStateLayout();

    /** Whether the error number is noted after each call. A Java that runs on Windows itself can do that. */
    private static final boolean NOTES_ERRORS = STATE_LAYOUT.memberLayouts().stream()
            .map(MemoryLayout::name)
            .anyMatch(name -> name.filter(LAST_ERROR::equals).isPresent());

    private static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    /** Receives the error number of a call. There is one for each thread; the garbage collector frees it. */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE_LAYOUT));

    /** Bound on first use, so that a denial of native access appears in {@link #open()}. */
    private static final class Calls {
        static final MethodHandle PLAIN = Linker.nativeLinker().downcallHandle(SHAPE);
        static final MethodHandle NOTING = NOTES_ERRORS
                ? Linker.nativeLinker().downcallHandle(SHAPE, Linker.Option.captureCallState(LAST_ERROR))
                : PLAIN;

        private Calls() {}
    }

    private final Addresses addresses;
    private final @Nullable NamedFunction getLastError;

    private ForeignWindowsApi(Addresses addresses) {
        this.addresses = addresses;
        this.getLastError = NOTES_ERRORS ? null : find("kernel32", LAST_ERROR);
    }

    /** Finds functions by their names. */
    static WindowsApi open() {
        return at(ForeignWindowsApi::addressByName);
    }

    /** Uses functions at given addresses. */
    static WindowsApi at(Addresses addresses) {
        try {
            Objects.requireNonNull(Calls.PLAIN); // The first native access, so that a denial appears here.
            return new ForeignWindowsApi(addresses);
        } catch (IllegalCallerException | ExceptionInInitializerError | NoClassDefFoundError e) {
            throw denied(e);
        }
    }

    /** The libraries are part of every Windows process, so that they can be used until it ends. */
    private static long addressByName(String library, String function) {
        try {
            return SymbolLookup.libraryLookup(library + ".dll", Arena.global())
                    .find(function)
                    .map(MemorySegment::address)
                    .orElse(0L);
        } catch (IllegalArgumentException e) {
            return 0; // There is no such library.
        }
    }

    @Override
    public @Nullable NamedFunction find(String library, String function) {
        long address = addresses.of(library, function);
        if (address == 0) {
            return null;
        }
        MemorySegment bound = MemorySegment.ofAddress(address);
        return NOTES_ERRORS
                ? (first, second, third, fourth, fifth) -> noting(bound, first, second, third, fourth, fifth)
                : (first, second, third, fourth, fifth) -> plain(bound, first, second, third, fourth, fifth);
    }

    @SuppressWarnings("checkstyle:ParameterNumber")
    private static long plain(MemorySegment function, long first, long second, long third, long fourth, long fifth) {
        try {
            return (long) Calls.PLAIN.invokeExact(function, first, second, third, fourth, fifth, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("checkstyle:ParameterNumber")
    private static long noting(MemorySegment function, long first, long second, long third, long fourth, long fifth) {
        try {
            return (long) Calls.NOTING.invokeExact(function, STATE.get(), first, second, third, fourth, fifth, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int lastError() {
        return getLastError == null
                ? STATE.get().get(JAVA_INT, STATE_LAYOUT.byteOffset(PathElement.groupElement(LAST_ERROR)))
                : (int) getLastError.call(0, 0, 0, 0, 0);
    }
}
