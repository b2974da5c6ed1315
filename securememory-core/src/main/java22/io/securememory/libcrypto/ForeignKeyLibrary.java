package io.securememory.libcrypto;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Calls libcrypto by the foreign function and memory API.
 *
 * <p>All functions are called with the same signature as those of the C library, for which a call is linked already.
 */
@SuppressWarnings("restricted") // Calling native code is what this class is for.
final class ForeignKeyLibrary implements KeyLibrary {

    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private static final long MOST_OF_VERSION = 256;

    private final MemorySegment[] functions;
    private final String version;

    private ForeignKeyLibrary(MemorySegment[] functions, String version) {
        this.functions = functions;
        this.version = version;
    }

    static KeyLibrary open(String name) {
        Path path = Path.of(name);
        SymbolLookup library = path.isAbsolute()
                ? SymbolLookup.libraryLookup(path, Arena.global())
                : SymbolLookup.libraryLookup(name, Arena.global());
        KeyFunction[] all = KeyFunction.values();
        MemorySegment[] functions = new MemorySegment[all.length];
        for (KeyFunction function : all) {
            functions[function.index()] = address(library, function.name());
        }
        LibCryptos.requireBegun(
                (int) call(address(library, "OPENSSL_init_crypto"), LibCryptos.NO_ATEXIT, 0, 0, 0, 0, 0));
        String version = MemorySegment.ofAddress(call(address(library, "OpenSSL_version"), 0, 0, 0, 0, 0, 0))
                .reinterpret(MOST_OF_VERSION)
                .getString(0);
        return new ForeignKeyLibrary(functions, version);
    }

    private static MemorySegment address(SymbolLookup library, String name) {
        return library.find(name).orElseThrow(() -> new UnsatisfiedLinkError("it has no " + name));
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public long call(KeyFunction function, long first, long second, long third, long fourth, long fifth, long sixth) {
        return call(functions[function.index()], first, second, third, fourth, fifth, sixth);
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer).address() - buffer.position();
    }

    @SuppressWarnings("checkstyle:ParameterNumber")
    private static long call(
            MemorySegment function, long first, long second, long third, long fourth, long fifth, long sixth) {
        try {
            return (long) CALL.invokeExact(function, first, second, third, fourth, fifth, sixth);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
