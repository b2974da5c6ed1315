package io.securememory.libcrypto;

import io.securememory.SecureMemoryException;
import io.securememory.crypto.Hmac;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.LibDigests;
import io.securememory.memcall.internal.Apart;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds libcrypto. Once found, it stays loaded until the process ends. If it is missing, it is not looked for again.
 *
 * <p>Only version 3 is used, by the name of that version. A library without a version in its name may be anything; if
 * it is a private copy that belongs to other software, loading it can end the process.
 */
public final class LibCryptos {

    /** Name of OpenSSL 3's library, which has had this interface since 3.0. */
    static final String NAME = "libcrypto.so.3";

    /** Keeps the library from cleaning up at the end of the process, while threads still use it. */
    static final long NO_ATEXIT = 0x0008_0000L;

    static final String CHACHA20_POLY1305 = "ChaCha20-Poly1305";
    static final String CHACHA20 = "ChaCha20";

    private static final Logger LOG = LoggerFactory.getLogger(LibCryptos.class);

    /** Ways of calling native code by which the library was not found. It is not looked for again by these. */
    private static final Set<String> MISSING = ConcurrentHashMap.newKeySet();

    private LibCryptos() {}

    /**
     * Finds the library.
     *
     * @param access {@code ffm} or {@code jna}, as {@link io.securememory.memcall.MemCall#name()} says
     * @return its functions, which can be called as long as this object is reachable; or null if this is not Linux, if
     *     this machine has no library of version 3, or if its configuration does not allow the ciphers
     * @throws VirtualMachineError if there is not enough memory or stack to look for it now
     */
    public static @Nullable LibCrypto find(String access) {
        return MISSING.contains(access) || !isNamedSoHere() ? null : open(access);
    }

    /** Other systems call the library otherwise, and may have a calling convention that does not fit a library of this name. */
    private static boolean isNamedSoHere() {
        return System.getProperty("os.name", "").startsWith("Linux");
    }

    /** Opens the library on a separate thread: a stack overflow here would leave classes that can never be used. */
    private static @Nullable LibCrypto open(String access) {
        try {
            return Apart.get(opener(access));
        } catch (VirtualMachineError e) {
            throw e; // The library may exist all the same, so the caller must not go on without it.
        } catch (RuntimeException | Error e) { // JNA also throws an Error that is no LinkageError.
            LOG.debug("{} cannot be used", NAME, e);
            MISSING.add(access);
            return null;
        }
    }

    private static Supplier<LibCrypto> opener(String access) {
        return switch (access) {
            case "ffm" -> ForeignLibCrypto::open;
            case "jna" -> JnaLibCrypto::open;
            default -> throw new UnsupportedOperationException("no native access");
        };
    }

    /**
     * Checks that the library could be initialized. It refuses if it was ended before: then it must not be used any
     * more.
     */
    static void requireBegun(int result) {
        if (result != 1) {
            throw new UnsupportedOperationException(NAME + " cannot be used any more");
        }
    }

    static long requireFound(String cipher, long handle) {
        if (handle == 0) {
            throw new UnsupportedOperationException(NAME + " has no " + cipher + ", or must not use it");
        }
        return handle;
    }

    /** See {@link LibCrypto#digests()}. Called on the thread that opens the library. */
    static @Nullable LibDigests digests(Supplier<LibDigests> opener) {
        try {
            LibDigests found = opener.get();
            return Hmac.isRightWith(found) ? found : null;
        } catch (LinkageError e) {
            LOG.debug("{} has no digests for memory of its caller", NAME, e);
            return null;
        }
    }

    /** See {@link LibCrypto#failure()}. */
    static SecureMemoryException failure() {
        return new SecureMemoryException(NAME
                + " failed to compute: it has no memory, or its configuration was changed. Turn it off with"
                + " EnclaveOptions.withLibcrypto(LibcryptoUse.OFF) or securememory.enclave.libcrypto=off.");
    }
}
