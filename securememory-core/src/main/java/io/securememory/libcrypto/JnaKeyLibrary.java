package io.securememory.libcrypto;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.securememory.memcall.internal.JnaBinding;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls libcrypto by JNA's direct mapping. The words that a function does not take are passed all the same, which it
 * does not notice.
 *
 * <p>JNA binds a class to one library: while somebody uses one, the process can use no other.
 */
@SuppressWarnings({"unused", "checkstyle:ParameterNumber"}) // The native methods are found by their names.
final class JnaKeyLibrary implements KeyLibrary {

    private static final int RTLD_NOW = 2;

    /** Keeps the library mapped after it is closed: threads that have used it call it when they end. */
    private static final int RTLD_NODELETE = 0x1000;

    /** The library that the functions are bound to, or were, or are being bound to. */
    private static final AtomicReference<@Nullable String> NAME = new AtomicReference<>();

    private static final JnaBinding BINDING =
            new JnaBinding(JnaKeyLibrary.class, NAME::get, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW | RTLD_NODELETE));

    private static final MethodHandle[] FUNCTIONS = functions();

    private @Nullable String version;

    private JnaKeyLibrary() {}

    private static MethodHandle[] functions() {
        KeyFunction[] all = KeyFunction.values();
        MethodHandle[] found = new MethodHandle[all.length];
        MethodType type = MethodType.methodType(
                long.class, long.class, long.class, long.class, long.class, long.class, long.class);
        try {
            for (KeyFunction function : all) {
                found[function.index()] =
                        MethodHandles.lookup().findVirtual(JnaKeyLibrary.class, function.name(), type);
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a function has no method", e);
        }
        return found;
    }

    static synchronized KeyLibrary open(String name) {
        String used = NAME.get();
        if (BINDING.isBound() && !name.equals(used)) {
            throw new UnsupportedOperationException("this process uses " + used + " already");
        }
        NAME.set(name);
        return BINDING.open(new JnaKeyLibrary(), opened -> opened.begin(name));
    }

    private void begin(String name) {
        LibCryptos.requireBegun(OPENSSL_init_crypto(LibCryptos.NO_ATEXIT, 0));
        version = OpenSSL_version(0);
        try {
            KeyLibraries.requireSupported(name, this);
        } catch (KeyLibraries.Unavailable e) {
            throw new UnsupportedOperationException(e);
        }
    }

    @Override
    public String version() {
        return String.valueOf(version);
    }

    @Override
    public long call(KeyFunction function, long first, long second, long third, long fourth, long fifth, long sixth) {
        try {
            return (long) FUNCTIONS[function.index()].invokeExact(this, first, second, third, fourth, fifth, sixth);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    private native int OPENSSL_init_crypto(long options, long settings);

    private native String OpenSSL_version(int type);

    private native long OPENSSL_version_major(long a, long b, long c, long d, long e, long f);

    private native long ERR_get_error(long a, long b, long c, long d, long e, long f);

    private native long ERR_clear_error(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_CTX_new_from_name(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_CTX_new_from_pkey(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_CTX_free(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_CTX_set_params(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_fromdata_init(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_fromdata(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_new_raw_private_key_ex(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_new_raw_public_key_ex(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_get_raw_public_key(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_get_params(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_free(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_keygen_init(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_generate(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_sign_init_ex(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_sign(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_decrypt_init_ex(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_decrypt(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_derive_init_ex(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_derive_set_peer(long a, long b, long c, long d, long e, long f);

    private native long EVP_PKEY_derive(long a, long b, long c, long d, long e, long f);

    private native long EVP_MD_CTX_new(long a, long b, long c, long d, long e, long f);

    private native long EVP_MD_CTX_free(long a, long b, long c, long d, long e, long f);

    private native long EVP_MD_fetch(long a, long b, long c, long d, long e, long f);

    private native long EVP_DigestInit_ex2(long a, long b, long c, long d, long e, long f);

    private native long EVP_DigestUpdate(long a, long b, long c, long d, long e, long f);

    private native long EVP_DigestFinal_ex(long a, long b, long c, long d, long e, long f);

    private native long EVP_DigestSignInit(long a, long b, long c, long d, long e, long f);

    private native long EVP_DigestSign(long a, long b, long c, long d, long e, long f);

    private native long EVP_CIPHER_fetch(long a, long b, long c, long d, long e, long f);

    private native long EVP_CIPHER_CTX_new(long a, long b, long c, long d, long e, long f);

    private native long EVP_CIPHER_CTX_free(long a, long b, long c, long d, long e, long f);

    private native long EVP_CIPHER_CTX_ctrl(long a, long b, long c, long d, long e, long f);

    private native long EVP_CipherInit_ex2(long a, long b, long c, long d, long e, long f);

    private native long EVP_CipherUpdate(long a, long b, long c, long d, long e, long f);

    private native long EVP_CipherFinal_ex(long a, long b, long c, long d, long e, long f);

    private native long EVP_MAC_fetch(long a, long b, long c, long d, long e, long f);

    private native long EVP_MAC_CTX_new(long a, long b, long c, long d, long e, long f);

    private native long EVP_MAC_CTX_free(long a, long b, long c, long d, long e, long f);

    private native long EVP_MAC_init(long a, long b, long c, long d, long e, long f);

    private native long EVP_MAC_update(long a, long b, long c, long d, long e, long f);

    private native long EVP_MAC_final(long a, long b, long c, long d, long e, long f);

    private native long EVP_KDF_fetch(long a, long b, long c, long d, long e, long f);

    private native long EVP_KDF_CTX_new(long a, long b, long c, long d, long e, long f);

    private native long EVP_KDF_CTX_free(long a, long b, long c, long d, long e, long f);

    private native long EVP_KDF_derive(long a, long b, long c, long d, long e, long f);

    private native long EC_GROUP_new_by_curve_name(long a, long b, long c, long d, long e, long f);

    private native long EC_GROUP_free(long a, long b, long c, long d, long e, long f);

    private native long EC_POINT_new(long a, long b, long c, long d, long e, long f);

    private native long EC_POINT_clear_free(long a, long b, long c, long d, long e, long f);

    private native long EC_POINT_mul(long a, long b, long c, long d, long e, long f);

    private native long EC_POINT_point2oct(long a, long b, long c, long d, long e, long f);

    private native long BN_native2bn(long a, long b, long c, long d, long e, long f);

    private native long BN_clear_free(long a, long b, long c, long d, long e, long f);
}
