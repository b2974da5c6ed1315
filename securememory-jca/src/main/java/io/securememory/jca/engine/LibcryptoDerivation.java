package io.securememory.jca.engine;

import io.securememory.SecretView;
import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.security.ProviderException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Derives secrets by libcrypto, from locked memory into locked memory. libcrypto's own copies are wiped when the context
 * is freed.
 *
 * @see <a href="https://docs.openssl.org/3.0/man7/EVP_KDF-HKDF/">EVP_KDF-HKDF(7)</a>
 * @see <a href="https://docs.openssl.org/3.0/man7/EVP_KDF-PBKDF2/">EVP_KDF-PBKDF2(7)</a>
 */
final class LibcryptoDerivation {

    private static final CString DIGEST = new CString("digest");
    private static final CString KEY = new CString("key");
    private static final CString PASSWORD = new CString("pass");
    private static final CString SALT = new CString("salt");
    private static final CString INFO = new CString("info");
    private static final CString ITERATIONS = new CString("iter");

    /** 1 allows all lengths and counts that RFC 8018 allows. */
    private static final CString ONLY_RFC = new CString("pkcs5");

    private static final Map<Digest, CString> DIGESTS = new EnumMap<>(Digest.class);

    static {
        for (Digest digest : Digest.values()) {
            DIGESTS.put(digest, new CString(digest.shortName()));
        }
    }

    private final KeyLibrary library;
    private final RegisterCover cover;
    private final Fetched hkdf;
    private final Fetched pbkdf2;

    LibcryptoDerivation(KeyLibrary library) {
        this.library = library;
        this.cover = new RegisterCover(library);
        this.hkdf = new Fetched(library, KeyFunction.EVP_KDF_fetch, "HKDF");
        this.pbkdf2 = new Fetched(library, KeyFunction.EVP_KDF_fetch, "PBKDF2");
    }

    <T> T hkdf(Hkdf derivation, SecretView key, SecretResult<T> result) {
        return derive(hkdf, key, derivation.length(), result, (window, frame) -> {
            NativeFrame.Params params = frame.params(4)
                    .add(DIGEST, name(derivation.digest()))
                    .add(KEY, NativeFrame.OCTET_STRING, window.key(0), key.length());
            addUnlessEmpty(params, frame, SALT, derivation.salt());
            addUnlessEmpty(params, frame, INFO, derivation.info());
            return params.end();
        });
    }

    private static void addUnlessEmpty(NativeFrame.Params params, NativeFrame frame, CString name, byte[] value) {
        if (value.length > 0) {
            params.add(name, NativeFrame.OCTET_STRING, frame.put(value), value.length);
        }
    }

    <T> T pbkdf2(Pbkdf2 derivation, SecretView password, SecretResult<T> result) {
        byte[] salt = derivation.salt();
        return derive(
                pbkdf2,
                password,
                derivation.length(),
                result,
                (window, frame) -> frame.params(5)
                        .add(DIGEST, name(derivation.digest()))
                        .add(PASSWORD, NativeFrame.OCTET_STRING, window.key(0), password.length())
                        .add(SALT, NativeFrame.OCTET_STRING, frame.put(salt), salt.length)
                        .add(ITERATIONS, derivation.iterations())
                        .add(ONLY_RFC, 1)
                        .end());
    }

    private static CString name(Digest digest) {
        CString name = DIGESTS.get(digest);
        if (name == null) {
            throw new IllegalArgumentException("no digest " + digest);
        }
        return name;
    }

    /** Lays out the parameters of a derivation. */
    @FunctionalInterface
    private interface Layout {
        long in(Window window, NativeFrame frame);
    }

    private <T> T derive(Fetched algorithm, SecretView key, int length, SecretResult<T> result, Layout layout) {
        long handle = algorithm.handle();
        T taken = Window.run(cover, key, length, (window, frame) -> {
            if (!derive(handle, window, length, layout.in(window, frame))) {
                library.call(KeyFunction.ERR_clear_error, 0);
                return null;
            }
            return window.pass(result, 0, length);
        });
        return required(taken);
    }

    private boolean derive(long algorithm, Window window, int length, long parameters) {
        long context = library.call(KeyFunction.EVP_KDF_CTX_new, algorithm);
        try {
            return context != 0
                    && (int) library.call(KeyFunction.EVP_KDF_derive, context, window.room(0), length, parameters, 0, 0)
                            == 1;
        } finally {
            library.call(KeyFunction.EVP_KDF_CTX_free, context);
        }
    }

    private <T> T required(@Nullable T taken) {
        if (taken == null) {
            throw new ProviderException(library.version() + " cannot derive a key with these parameters;"
                    + " does its configuration (openssl.cnf) leave the digest out?");
        }
        return taken;
    }
}
