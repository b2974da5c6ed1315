package io.securememory.jca.engine;

import io.securememory.SecretView;
import io.securememory.jca.engine.KeyShape.Ec;
import io.securememory.jca.engine.KeyShape.Rsa;
import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Computes with private keys by libcrypto.
 *
 * <p>The numbers are copied into a window of the key's session, which is locked memory, and from there into libcrypto's
 * memory for the time of one operation. libcrypto wipes them when it frees them. That memory is neither locked nor kept
 * out of core dumps meanwhile.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/EVP_PKEY_sign/">EVP_PKEY_sign(3)</a>
 */
public final class LibcryptoPrivateKeyEngine implements PrivateKeyEngine {

    private static final int UNCOMPRESSED = 4;

    private static final CString PAD_MODE = new CString("pad-mode");
    private static final CString DIGEST = new CString("digest");
    private static final CString MASK_DIGEST = new CString("mgf1-digest");
    private static final CString SALT_LENGTH = new CString("saltlen");
    private static final CString LABEL = new CString("oaep-label");
    private static final CString PKCS1 = new CString("pkcs1");
    private static final CString PSS = new CString("pss");
    private static final CString OAEP = new CString("oaep");
    private static final CString NONE = new CString("none");

    private static final Map<Digest, CString> DIGESTS = Map.of(
            Digest.SHA_1, new CString(Digest.SHA_1.shortName()),
            Digest.SHA_224, new CString(Digest.SHA_224.shortName()),
            Digest.SHA_256, new CString(Digest.SHA_256.shortName()),
            Digest.SHA_384, new CString(Digest.SHA_384.shortName()),
            Digest.SHA_512, new CString(Digest.SHA_512.shortName()));

    private final KeyLibrary library;
    private final RegisterCover cover;

    /** @param library the library that computes */
    public LibcryptoPrivateKeyEngine(KeyLibrary library) {
        this.library = library;
        this.cover = new RegisterCover(library);
    }

    /** An operation with a key, whose context is freed afterwards. */
    @FunctionalInterface
    private interface KeyOperation<T> {
        @Nullable
        T with(NativeKey key, long context, Window window, NativeFrame frame);
    }

    private <T> @Nullable T run(SecretView numbers, KeyShape shape, int room, KeyOperation<T> operation) {
        return Window.run(cover, numbers, room, (window, frame) -> {
            long context = 0;
            boolean done = false;
            try (NativeKey key = NativeKey.of(window, frame, shape)) {
                context = key.isMissing() ? 0 : key.newContext();
                T result = context == 0 ? null : operation.with(key, context, window, frame);
                done = result != null;
                return result;
            } finally {
                library.call(KeyFunction.EVP_PKEY_CTX_free, context);
                if (!done) { // Others in this process may use the same queue of errors.
                    library.call(KeyFunction.ERR_clear_error, 0);
                }
            }
        });
    }

    @Override
    public byte[] sign(SecretView numbers, KeyShape shape, SignatureScheme scheme, byte[] input)
            throws GeneralSecurityException {
        EngineChecks.requireSigning(numbers, shape, scheme, input);
        byte[] signature = run(
                numbers,
                shape,
                0,
                (key, context, window, frame) -> scheme instanceof SignatureScheme.Eddsa
                        ? signMessage(key, frame, input, signatureLength(shape))
                        : signDigest(context, frame, parameters(frame, scheme), input, signatureLength(shape)));
        if (signature == null) {
            throw new SignatureException("The key cannot sign: it is damaged, or too short for this digest, or the"
                    + " configuration of OpenSSL (openssl.cnf) leaves its algorithm out.");
        }
        return signature;
    }

    private byte @Nullable [] signDigest(long context, NativeFrame frame, long parameters, byte[] digest, int most) {
        long input = frame.put(digest);
        long output = frame.reserve(most);
        long length = frame.word(most);
        boolean done = succeeds(KeyFunction.EVP_PKEY_sign_init_ex, context, parameters, 0, 0, 0)
                && succeeds(KeyFunction.EVP_PKEY_sign, context, output, length, input, digest.length);
        return done ? frame.get(output, (int) frame.word(length, false)) : null;
    }

    private byte @Nullable [] signMessage(NativeKey key, NativeFrame frame, byte[] message, int most) {
        long context = library.call(KeyFunction.EVP_MD_CTX_new, 0);
        try {
            long input = frame.put(message);
            long output = frame.reserve(most);
            long length = frame.word(most);
            boolean done = context != 0
                    && succeeds(KeyFunction.EVP_DigestSignInit, context, 0, 0, 0, key.handle())
                    && succeeds(KeyFunction.EVP_DigestSign, context, output, length, input, message.length);
            return done ? frame.get(output, (int) frame.word(length, false)) : null;
        } finally {
            library.call(KeyFunction.EVP_MD_CTX_free, context);
        }
    }

    /** Returns the most bytes of a signature: ECDSA's is in DER, with up to nine bytes around its two numbers. */
    private static int signatureLength(KeyShape shape) {
        if (shape instanceof Rsa rsa) {
            return rsa.width();
        }
        return 2 * shape.size() + (shape instanceof Ec ? 9 : 0);
    }

    private static long parameters(NativeFrame frame, SignatureScheme scheme) {
        if (scheme instanceof SignatureScheme.Pkcs1 pkcs1) {
            return frame.params(2)
                    .add(DIGEST, name(pkcs1.digest()))
                    .add(PAD_MODE, PKCS1)
                    .end();
        }
        if (scheme instanceof SignatureScheme.Pss pss) {
            return frame.params(4)
                    .add(DIGEST, name(pss.digest()))
                    .add(PAD_MODE, PSS)
                    .add(SALT_LENGTH, pss.saltLength())
                    .add(MASK_DIGEST, name(pss.maskDigest()))
                    .end();
        }
        return 0;
    }

    private static CString name(Digest digest) {
        CString name = DIGESTS.get(digest);
        if (name == null) {
            throw new IllegalArgumentException("no digest " + digest);
        }
        return name;
    }

    @Override
    public byte[] publicKey(SecretView numbers, KeyShape shape) throws GeneralSecurityException {
        EngineChecks.requirePublicKey(numbers, shape);
        byte[] result;
        if (shape instanceof Ec ec) {
            result = Window.run(cover, numbers, 0, (window, frame) -> point(window, frame, ec.curve()));
        } else {
            result = run(numbers, shape, 0, (key, context, window, frame) -> {
                long output = frame.reserve(shape.size());
                long length = frame.word(shape.size());
                boolean done = succeeds(KeyFunction.EVP_PKEY_get_raw_public_key, key.handle(), output, length, 0, 0);
                return done ? frame.get(output, shape.size()) : null;
            });
        }
        if (result == null) {
            throw new InvalidKeyException(
                    "The numbers are no private key, or the configuration of OpenSSL (openssl.cnf)"
                            + " leaves its algorithm out.");
        }
        return result;
    }

    private byte @Nullable [] point(Window window, NativeFrame frame, Curve curve) {
        long group = library.call(KeyFunction.EC_GROUP_new_by_curve_name, curve.number());
        long scalar = library.call(KeyFunction.BN_native2bn, window.key(0), curve.size(), 0);
        long point = group == 0 ? 0 : library.call(KeyFunction.EC_POINT_new, group);
        int size = 1 + 2 * curve.size();
        long output = frame.reserve(size);
        try {
            boolean done = scalar != 0
                    && point != 0
                    && succeeds(KeyFunction.EC_POINT_mul, group, point, scalar, 0, 0)
                    && (int) library.call(KeyFunction.EC_POINT_point2oct, group, point, UNCOMPRESSED, output, size, 0)
                            == size;
            return done ? frame.get(output, size) : null;
        } finally {
            library.call(KeyFunction.EC_POINT_clear_free, point);
            library.call(KeyFunction.BN_clear_free, scalar);
            library.call(KeyFunction.EC_GROUP_free, group);
            library.call(KeyFunction.ERR_clear_error, 0);
        }
    }

    @Override
    public byte[] decrypt(SecretView numbers, Rsa shape, RsaPadding padding, byte[] input)
            throws GeneralSecurityException {
        EngineChecks.requireDecryption(numbers, shape, padding, input);
        byte[] plain = run(numbers, shape, shape.width(), (key, context, window, frame) -> {
            long source = frame.put(input);
            long length = frame.word(shape.width());
            boolean done = succeeds(KeyFunction.EVP_PKEY_decrypt_init_ex, context, parameters(frame, padding), 0, 0, 0)
                    && succeeds(KeyFunction.EVP_PKEY_decrypt, context, window.room(0), length, source, input.length);
            return done ? window.copy(0, (int) frame.word(length, false)) : null;
        });
        if (plain == null) {
            throw EngineChecks.wrongCiphertext();
        }
        return plain;
    }

    private static long parameters(NativeFrame frame, RsaPadding padding) {
        if (padding instanceof RsaPadding.Oaep oaep) {
            byte[] label = new byte[oaep.label().remaining()];
            oaep.label().duplicate().get(label);
            return frame.params(4)
                    .add(PAD_MODE, OAEP)
                    .add(DIGEST, name(oaep.digest()))
                    .add(MASK_DIGEST, name(oaep.maskDigest()))
                    .add(LABEL, NativeFrame.OCTET_STRING, frame.put(label), label.length)
                    .end();
        }
        return frame.params(1).add(PAD_MODE, NONE).end();
    }

    @Override
    public <T> T agree(SecretView numbers, KeyShape shape, byte[] peer, SecretResult<T> result)
            throws GeneralSecurityException {
        EngineChecks.requireAgreement(numbers, shape, peer);
        int size = shape.size();
        T taken = run(numbers, shape, size, (key, context, window, frame) -> {
            try (NativeKey other = NativeKey.ofPeer(frame, shape, peer)) {
                long length = frame.word(size);
                boolean done = !other.isMissing()
                        && succeeds(KeyFunction.EVP_PKEY_derive_init_ex, context, 0, 0, 0, 0)
                        && succeeds(KeyFunction.EVP_PKEY_derive_set_peer, context, other.handle(), 0, 0, 0)
                        && succeeds(KeyFunction.EVP_PKEY_derive, context, window.room(0), length, 0, 0)
                        && frame.word(length, false) == size;
                return done ? window.pass(result, 0, size) : null;
            }
        });
        if (taken == null) {
            throw new InvalidKeyException("The other side's public key is not valid.");
        }
        return taken;
    }

    private boolean succeeds(KeyFunction function, long first, long second, long third, long fourth, long fifth) {
        return (int) library.call(function, first, second, third, fourth, fifth, 0) == 1;
    }
}
