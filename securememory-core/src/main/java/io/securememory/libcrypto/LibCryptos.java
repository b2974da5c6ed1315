package io.securememory.libcrypto;

import io.securememory.SecureMemoryException;
import io.securememory.crypto.LibCrypto;
import io.securememory.memcall.internal.Apart;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds libcrypto. It stays loaded for as long as the process runs; where it is missing, it is looked for once.
 *
 * <p>Only version 3 is asked for, and by that name: an unversioned one may be anything, and where it stands for another one's
 * private copy loading it ends the process.
 */
public final class LibCryptos {

    /** Name of OpenSSL 3's library, which has had this interface since 3.0. */
    static final String NAME = "libcrypto.so.3";

    /** So that nothing of the library is undone while threads still use it, at the end of the process. */
    static final long NO_ATEXIT = 0x0008_0000L;

    static final String CHACHA20_POLY1305 = "ChaCha20-Poly1305";
    static final String CHACHA20 = "ChaCha20";

    private static final Logger LOG = LoggerFactory.getLogger(LibCryptos.class);

    /** Ways by which it was not found, and is not looked for again. */
    private static final Set<String> MISSING = ConcurrentHashMap.newKeySet();

    private LibCryptos() {}

    /**
     * Finds the library.
     *
     * @param access {@code ffm} or {@code jna}, as {@link io.securememory.memcall.MemCall#name()} says
     * @return its functions, which can be called for as long as this object is reachable; or null if this machine has no
     *     library of version 3, or its configuration does not allow the ciphers
     * @throws VirtualMachineError if there is no memory or stack to look for it now
     */
    public static @Nullable LibCrypto find(String access) {
        return MISSING.contains(access) ? null : open(access);
    }

    /** On a stack of its own: an overflow in the middle would leave classes that can never be used. */
    private static @Nullable LibCrypto open(String access) {
        try {
            return Apart.get("ffm".equals(access) ? ForeignLibCrypto::open : JnaLibCrypto::open);
        } catch (VirtualMachineError e) {
            throw e; // It may be there all the same, and who needs it must not go on without.
        } catch (RuntimeException | Error e) { // Of JNA, also an Error that is no LinkageError.
            LOG.debug("{} cannot be used", NAME, e);
            MISSING.add(access);
            return null;
        }
    }

    /** It refuses where it was ended already: then nothing of it may be used any more. */
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

    /** See {@link LibCrypto#failure()}. */
    static SecureMemoryException failure() {
        return new SecureMemoryException(NAME
                + " failed to encrypt or decrypt: it has no memory, or its configuration was changed. Turn it off with"
                + " EnclaveOptions.withLibcrypto(LibcryptoUse.OFF) or securememory.enclave.libcrypto=off.");
    }
}
