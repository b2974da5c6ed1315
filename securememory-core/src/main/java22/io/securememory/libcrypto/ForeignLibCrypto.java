package io.securememory.libcrypto;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.LibDigests;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Calls libcrypto by the foreign function and memory API.
 *
 * <p>All functions are called with the same signature as those of the C library, for which a call is linked already.
 */
@SuppressWarnings("restricted") // Calling native code is what this class is for.
final class ForeignLibCrypto implements LibCrypto {

    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private static final SymbolLookup LIBRARY = SymbolLookup.libraryLookup(LibCryptos.NAME, Arena.global());

    private static final MemorySegment INIT_CRYPTO = address("OPENSSL_init_crypto");
    private static final MemorySegment VERSION = address("OpenSSL_version");
    private static final MemorySegment FETCH = address("EVP_CIPHER_fetch");
    private static final MemorySegment NEW = address("EVP_CIPHER_CTX_new");
    private static final MemorySegment FREE = address("EVP_CIPHER_CTX_free");
    private static final MemorySegment INIT = address("EVP_CipherInit_ex2");
    private static final MemorySegment CONTROL = address("EVP_CIPHER_CTX_ctrl");
    private static final MemorySegment UPDATE = address("EVP_CipherUpdate");
    private static final MemorySegment FINISH = address("EVP_CipherFinal_ex");

    private static final long MOST_OF_VERSION = 256;

    private final long chaCha20Poly1305 = fetch(LibCryptos.CHACHA20_POLY1305);
    private final long chaCha20 = fetch(LibCryptos.CHACHA20);
    private final @Nullable LibDigests digests = LibCryptos.digests(ForeignDigests::open);

    private ForeignLibCrypto() {}

    static MemorySegment address(String name) {
        return LIBRARY.find(name).orElseThrow(() -> new UnsatisfiedLinkError(LibCryptos.NAME + " has no " + name));
    }

    static LibCrypto open() {
        LibCryptos.requireBegun((int) call(INIT_CRYPTO, LibCryptos.NO_ATEXIT, 0, 0, 0, 0, 0));
        return new ForeignLibCrypto();
    }

    private static long fetch(String cipher) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(cipher).address();
            return LibCryptos.requireFound(cipher, call(FETCH, 0, name, 0, 0, 0, 0));
        }
    }

    @Override
    public String version() {
        return MemorySegment.ofAddress(call(VERSION, 0, 0, 0, 0, 0, 0))
                .reinterpret(MOST_OF_VERSION)
                .getString(0);
    }

    @Override
    public RuntimeException failure() {
        return LibCryptos.failure();
    }

    @Override
    public int worthwhileFrom() {
        return 1088;
    }

    @Override
    public long chaCha20Poly1305() {
        return chaCha20Poly1305;
    }

    @Override
    public long chaCha20() {
        return chaCha20;
    }

    @Override
    public long newCipherContext() {
        return call(NEW, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void freeCipherContext(long context) {
        call(FREE, context, 0, 0, 0, 0, 0);
    }

    @Override
    public int initCipher(long context, long cipher, long key, long iv, int encrypt) {
        return (int) call(INIT, context, cipher, key, iv, encrypt, 0);
    }

    @Override
    public int controlCipher(long context, int command, int argument, long memory) {
        return (int) call(CONTROL, context, command, argument, memory, 0, 0);
    }

    @Override
    public int updateCipher(long context, long out, long outLength, long in, int inLength) {
        return (int) call(UPDATE, context, out, outLength, in, inLength, 0);
    }

    @Override
    public int finishCipher(long context, long out, long outLength) {
        return (int) call(FINISH, context, out, outLength, 0, 0, 0);
    }

    @Override
    public @Nullable LibDigests digests() {
        return digests;
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        return addressOfBytes(buffer);
    }

    static long addressOfBytes(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer).address() - buffer.position();
    }

    @SuppressWarnings("checkstyle:ParameterNumber")
    static long call(MemorySegment function, long first, long second, long third, long fourth, long fifth, long sixth) {
        try {
            return (long) CALL.invokeExact(function, first, second, third, fourth, fifth, sixth);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
