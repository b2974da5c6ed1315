package io.securememory.jca.engine;

import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.jca.engine.KeyShape.Ec;
import io.securememory.jca.engine.KeyShape.Rsa;
import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Makes private keys by libcrypto, in its own memory, and copies the numbers into locked memory.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/EVP_PKEY_keygen/">EVP_PKEY_keygen(3)</a>
 */
public final class LibcryptoKeyGenerator implements KeyGenerator {

    private static final CString RSA = new CString("RSA");
    private static final CString EC = new CString("EC");
    private static final CString BITS = new CString("bits");
    private static final CString EXPONENT = new CString("e");
    private static final CString GROUP = new CString("group");
    private static final CString PRIVATE = new CString("priv");
    private static final CString MODULUS = new CString("n");
    private static final CString[] SECRET_NUMBERS = {
        new CString("d"),
        new CString("rsa-factor1"),
        new CString("rsa-factor2"),
        new CString("rsa-exponent1"),
        new CString("rsa-exponent2"),
        new CString("rsa-coefficient1")
    };

    private final KeyLibrary library;
    private final RegisterCover cover;

    /** @param library the library that makes the keys */
    public LibcryptoKeyGenerator(KeyLibrary library) {
        this.library = library;
        this.cover = new RegisterCover(library);
    }

    /** Reads the numbers of a new key. */
    @FunctionalInterface
    private interface Reader {
        @Nullable
        Generated read(long key, Window window, NativeFrame frame);
    }

    @Override
    public Generated rsa(SecretView place, int bits, BigInteger publicExponent, SecretResult<Secret> keep)
            throws GeneralSecurityException {
        int width = (bits + Byte.SIZE - 1) / Byte.SIZE;
        int half = (width + 1) / 2;
        return required(Window.run(cover, place, width + Rsa.CRT_NUMBERS * half, (window, frame) -> {
            byte[] exponent = NativeKey.ordered(publicExponent.toByteArray());
            NativeFrame.Params request = frame.params(2)
                    .add(BITS, bits)
                    .add(EXPONENT, NativeFrame.UNSIGNED_INTEGER, frame.put(exponent), exponent.length);
            return generate(
                    RSA,
                    request,
                    window,
                    frame,
                    (key, from, to) -> rsaNumbers(key, width, half, publicExponent, keep, from, to));
        }));
    }

    @SuppressWarnings("checkstyle:ParameterNumber")
    private @Nullable Generated rsaNumbers(
            long key,
            int width,
            int half,
            BigInteger publicExponent,
            SecretResult<Secret> keep,
            Window window,
            NativeFrame frame) {
        long modulus = frame.reserve(width);
        NativeFrame.Params numbers =
                frame.params(1 + SECRET_NUMBERS.length).add(MODULUS, NativeFrame.UNSIGNED_INTEGER, modulus, width);
        int at = 0;
        for (CString number : SECRET_NUMBERS) {
            int size = at == 0 ? width : half;
            numbers.add(number, NativeFrame.UNSIGNED_INTEGER, window.room(at), size);
            at += size;
        }
        if ((int) library.call(KeyFunction.EVP_PKEY_get_params, key, numbers.end(), 0) != 1) {
            return null;
        }
        byte[] magnitude = NativeKey.ordered(frame.get(modulus, width));
        Rsa shape = new Rsa(new BigInteger(1, magnitude), publicExponent, false, null);
        return new Generated(shape, window.pass(keep, 0, at));
    }

    @Override
    public Generated ec(SecretView place, Curve curve, SecretResult<Secret> keep) throws GeneralSecurityException {
        return required(Window.run(cover, place, curve.size(), (window, frame) -> {
            NativeFrame.Params request = frame.params(1).add(GROUP, NativeKey.name(curve));
            return generate(EC, request, window, frame, (key, from, to) -> {
                long number = to.params(1)
                        .add(PRIVATE, NativeFrame.UNSIGNED_INTEGER, from.room(0), curve.size())
                        .end();
                boolean done = (int) library.call(KeyFunction.EVP_PKEY_get_params, key, number, 0) == 1;
                return done ? new Generated(new Ec(curve), from.pass(keep, 0, curve.size())) : null;
            });
        }));
    }

    private @Nullable Generated generate(
            CString type, NativeFrame.Params request, Window window, NativeFrame frame, Reader reader) {
        long context = library.call(KeyFunction.EVP_PKEY_CTX_new_from_name, 0, type.at(library), 0);
        long made = frame.word(0);
        try {
            boolean done = context != 0
                    && (int) library.call(KeyFunction.EVP_PKEY_keygen_init, context) == 1
                    && (int) library.call(KeyFunction.EVP_PKEY_CTX_set_params, context, request.end(), 0) == 1
                    && (int) library.call(KeyFunction.EVP_PKEY_generate, context, made, 0) == 1;
            return done ? reader.read(frame.word(made, false), window, frame) : null;
        } finally {
            library.call(KeyFunction.EVP_PKEY_free, frame.word(made, false));
            library.call(KeyFunction.EVP_PKEY_CTX_free, context);
            library.call(KeyFunction.ERR_clear_error, 0);
        }
    }

    private static Generated required(@Nullable Generated made) throws GeneralSecurityException {
        if (made == null) {
            throw new GeneralSecurityException("libcrypto makes no such key.");
        }
        return made;
    }
}
