package io.securememory.jca.engine;

import io.securememory.jca.engine.KeyShape.Ec;
import io.securememory.jca.engine.KeyShape.Raw;
import io.securememory.jca.engine.KeyShape.Rsa;
import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * A key in libcrypto's own memory, for one operation. libcrypto wipes the secret numbers when it frees them.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/EVP_PKEY_fromdata/">EVP_PKEY_fromdata(3)</a>
 */
final class NativeKey implements AutoCloseable {

    private static final int PUBLIC_KEY = 0x86;
    private static final int KEY_PAIR = 0x87;

    private static final CString RSA = new CString("RSA");
    private static final CString EC = new CString("EC");
    private static final CString MODULUS = new CString("n");
    private static final CString PUBLIC_EXPONENT = new CString("e");
    private static final CString PRIVATE_EXPONENT = new CString("d");
    private static final CString[] CRT_NUMBERS = {
        new CString("rsa-factor1"),
        new CString("rsa-factor2"),
        new CString("rsa-exponent1"),
        new CString("rsa-exponent2"),
        new CString("rsa-coefficient1")
    };
    private static final CString GROUP = new CString("group");
    private static final CString PRIVATE = new CString("priv");
    private static final CString PUBLIC = new CString("pub");
    private static final CString[] CURVES = {new CString("P-256"), new CString("P-384"), new CString("P-521")};
    private static final CString[] RAW_KEYS = {
        new CString("ED25519"), new CString("ED448"), new CString("X25519"), new CString("X448")
    };

    private final KeyLibrary library;
    private final long handle;

    private NativeKey(KeyLibrary library, long handle) {
        this.library = library;
        this.handle = handle;
    }

    /** Makes the key that a window begins with. The handle is 0 if the numbers are no key. */
    static NativeKey of(Window window, NativeFrame frame, KeyShape shape) {
        KeyLibrary library = frame.library();
        if (shape instanceof Rsa rsa) {
            return fromData(frame, RSA, KEY_PAIR, rsaNumbers(window, frame, rsa));
        }
        if (shape instanceof Ec ec) {
            NativeFrame.Params numbers = frame.params(2)
                    .add(GROUP, name(ec.curve()))
                    .add(PRIVATE, NativeFrame.UNSIGNED_INTEGER, window.key(0), shape.size());
            return fromData(frame, EC, KEY_PAIR, numbers);
        }
        CString name = name(((Raw) shape).kind());
        return new NativeKey(
                library,
                library.call(
                        KeyFunction.EVP_PKEY_new_raw_private_key_ex,
                        0,
                        name.at(library),
                        0,
                        window.key(0),
                        shape.size(),
                        0));
    }

    /** Makes the public key of the other side. The handle is 0 if it is not valid. */
    static NativeKey ofPeer(NativeFrame frame, KeyShape shape, byte[] peer) {
        KeyLibrary library = frame.library();
        long bytes = frame.put(peer);
        if (shape instanceof Ec ec) {
            NativeFrame.Params point = frame.params(2)
                    .add(GROUP, name(ec.curve()))
                    .add(PUBLIC, NativeFrame.OCTET_STRING, bytes, peer.length);
            return fromData(frame, EC, PUBLIC_KEY, point);
        }
        CString name = name(((Raw) shape).kind());
        return new NativeKey(
                library,
                library.call(
                        KeyFunction.EVP_PKEY_new_raw_public_key_ex, 0, name.at(library), 0, bytes, peer.length, 0));
    }

    private static NativeFrame.Params rsaNumbers(Window window, NativeFrame frame, Rsa rsa) {
        byte[] modulus = inNativeOrder(rsa.modulus());
        byte[] exponent = inNativeOrder(rsa.publicExponent());
        NativeFrame.Params numbers = frame.params(3 + Rsa.CRT_NUMBERS)
                .add(MODULUS, NativeFrame.UNSIGNED_INTEGER, frame.put(modulus), modulus.length)
                .add(PUBLIC_EXPONENT, NativeFrame.UNSIGNED_INTEGER, frame.put(exponent), exponent.length)
                .add(PRIVATE_EXPONENT, NativeFrame.UNSIGNED_INTEGER, window.key(0), rsa.width());
        for (int i = 0; i < Rsa.CRT_NUMBERS; i++) {
            long where = window.key(rsa.width() + i * rsa.halfWidth());
            numbers.add(CRT_NUMBERS[i], NativeFrame.UNSIGNED_INTEGER, where, rsa.halfWidth());
        }
        return numbers;
    }

    private static byte[] inNativeOrder(BigInteger number) {
        return ordered(number.toByteArray());
    }

    /** Turns big-endian bytes into those of the machine's order, or back, in place. Returns the array. */
    static byte[] ordered(byte[] bytes) {
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int i = 0; i < bytes.length / 2; i++) {
                byte swapped = bytes[i];
                bytes[i] = bytes[bytes.length - 1 - i];
                bytes[bytes.length - 1 - i] = swapped;
            }
        }
        return bytes;
    }

    private static NativeKey fromData(NativeFrame frame, CString type, int selection, NativeFrame.Params numbers) {
        KeyLibrary library = frame.library();
        long context = library.call(KeyFunction.EVP_PKEY_CTX_new_from_name, 0, type.at(library), 0);
        try {
            long made = frame.word(0);
            boolean done = context != 0
                    && (int) library.call(KeyFunction.EVP_PKEY_fromdata_init, context) == 1
                    && (int) library.call(KeyFunction.EVP_PKEY_fromdata, context, made, selection, numbers.end(), 0, 0)
                            == 1;
            return new NativeKey(library, done ? frame.word(made, false) : 0);
        } finally {
            library.call(KeyFunction.EVP_PKEY_CTX_free, context);
        }
    }

    static CString name(Curve curve) {
        return switch (curve) {
            case P_256 -> CURVES[0];
            case P_384 -> CURVES[1];
            case P_521 -> CURVES[2];
        };
    }

    private static CString name(RawKey kind) {
        return switch (kind) {
            case ED25519 -> RAW_KEYS[0];
            case ED448 -> RAW_KEYS[1];
            case X25519 -> RAW_KEYS[2];
            case X448 -> RAW_KEYS[3];
        };
    }

    boolean isMissing() {
        return handle == 0;
    }

    long handle() {
        return handle;
    }

    /** Makes a context for an operation with this key. The caller frees it. 0 if there is no memory. */
    long newContext() {
        return library.call(KeyFunction.EVP_PKEY_CTX_new_from_pkey, 0, handle, 0);
    }

    @Override
    public void close() {
        library.call(KeyFunction.EVP_PKEY_free, handle);
    }
}
