package io.securememory.jca.engine;

import io.securememory.SecretView;
import io.securememory.crypto.StackProbe;
import io.securememory.memguard.internal.ComputingView;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA224Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.AESWrapEngine;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Computes with keys of symmetric algorithms by BouncyCastle, on the heap.
 *
 * <p><b>Limits.</b> The arrays that this class makes are wiped, and those in parameters of BouncyCastle, which it can
 * reach. BouncyCastle's own state cannot be wiped: key schedules of AES, tables of GCM, the padded keys and states of
 * HMAC, and results before they are copied. They stay on the heap until that memory is used again, and the garbage
 * collector may move any of these arrays before.
 */
public final class BouncyCastleSecretKeyEngine implements SecretKeyEngine {

    @Override
    public byte[] encrypt(AeadCipher cipher, SecretView key, AeadMessage message) {
        cipher.requireKeySize(key.length());
        return withKey(key, bytes -> {
            try {
                return BouncyCastleAead.run(cipher, bytes, message, true);
            } catch (InvalidCipherTextException e) {
                throw new IllegalStateException("encryption checks no tag", e);
            }
        });
    }

    @Override
    public byte[] decrypt(AeadCipher cipher, SecretView key, AeadMessage message) throws AEADBadTagException {
        cipher.requireKeySize(key.length());
        return BouncyCastleSecretKeyEngine.<byte[], AEADBadTagException>withKey(key, bytes -> {
            try {
                return BouncyCastleAead.run(cipher, bytes, message, false);
            } catch (InvalidCipherTextException e) {
                AEADBadTagException wrong = new AEADBadTagException(
                        "The tag is wrong: text, nonce, associated data or key are not the same.");
                wrong.initCause(e);
                throw wrong;
            }
        });
    }

    @Override
    public byte[] hmac(Digest digest, SecretView key, byte[] message, int length) {
        return withKey(key, bytes -> {
            byte[] result = new byte[digest.size()];
            HMac hmac = new HMac(newDigest(digest));
            KeyParameter parameter = new KeyParameter(bytes);
            try {
                hmac.init(parameter);
                hmac.update(message, 0, length);
                hmac.doFinal(result, 0);
                return result;
            } finally {
                wipe(parameter);
            }
        });
    }

    private static org.bouncycastle.crypto.Digest newDigest(Digest digest) {
        return switch (digest) {
            case SHA_1 -> new SHA1Digest();
            case SHA_224 -> new SHA224Digest();
            case SHA_256 -> SHA256Digest.newInstance();
            case SHA_384 -> new SHA384Digest();
            case SHA_512 -> new SHA512Digest();
        };
    }

    @Override
    public <T> T hkdf(Hkdf derivation, SecretView key, SecretResult<T> result) {
        return withKey(key, bytes -> {
            byte[] derived = new byte[derivation.length()];
            HKDFParameters parameters = new HKDFParameters(bytes, derivation.salt(), derivation.info());
            try {
                HKDFBytesGenerator generator = new HKDFBytesGenerator(newDigest(derivation.digest()));
                generator.init(parameters);
                generator.generateBytes(derived, 0, derived.length);
                return pass(key, derived, result);
            } finally {
                Arrays.fill(derived, (byte) 0);
            }
        });
    }

    @Override
    public <T> T pbkdf2(Pbkdf2 derivation, SecretView password, SecretResult<T> result) {
        return withKey(password, bytes -> {
            PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(newDigest(derivation.digest()));
            generator.init(bytes, derivation.salt(), derivation.iterations());
            KeyParameter derived =
                    (KeyParameter) generator.generateDerivedMacParameters(derivation.length() * Byte.SIZE);
            try {
                return pass(password, derived.getKey(), result);
            } finally {
                wipe(derived);
            }
        });
    }

    @Override
    public byte[] wrap(SecretView wrapping, SecretView key) throws InvalidKeyException {
        LibcryptoWrapping.requireLengths(wrapping.length(), key.length());
        return withKey(
                wrapping,
                bytes -> withKey(key, wrapped -> {
                    KeyParameter parameter = new KeyParameter(bytes);
                    try {
                        AESWrapEngine engine = new AESWrapEngine();
                        engine.init(true, parameter);
                        return engine.wrap(wrapped, 0, wrapped.length);
                    } finally {
                        wipe(parameter);
                    }
                }));
    }

    @Override
    public <T> T unwrap(SecretView wrapping, byte[] wrapped, SecretResult<T> result) throws InvalidKeyException {
        LibcryptoWrapping.requireLengths(wrapping.length(), wrapped.length - LibcryptoWrapping.ADDED);
        return BouncyCastleSecretKeyEngine.<T, InvalidKeyException>withKey(wrapping, bytes -> {
            KeyParameter parameter = new KeyParameter(bytes);
            byte[] key = new byte[0];
            try {
                AESWrapEngine engine = new AESWrapEngine();
                engine.init(false, parameter);
                key = engine.unwrap(wrapped, 0, wrapped.length);
                return pass(wrapping, key, result);
            } catch (InvalidCipherTextException e) {
                throw new InvalidKeyException(
                        "The key cannot be unwrapped: it was changed, or wrapped with another key.", e);
            } finally {
                Arrays.fill(key, (byte) 0);
                wipe(parameter);
            }
        });
    }

    static void wipe(KeyParameter parameter) {
        Arrays.fill(parameter.getKey(), (byte) 0);
    }

    /** Computes with a copy of a key. */
    @FunctionalInterface
    private interface OnHeap<T, E extends Exception> {
        T with(byte[] key) throws E;
    }

    private static <T, E extends Exception> T withKey(SecretView key, OnHeap<T, E> computation) throws E {
        requireOfThisLibrary(key);
        byte[] bytes = new byte[key.length()];
        try {
            key.copyTo(0, bytes, 0, bytes.length);
            return computation.with(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            StackProbe.wipe();
        }
    }

    private static ComputingView requireOfThisLibrary(SecretView key) {
        if (key instanceof ComputingView computing) {
            return computing;
        }
        throw new IllegalArgumentException("the key is not a secret of this library, which makes guarded memory for it;"
                + " make one with a SecretFactory");
    }

    /** Passes on bytes in locked memory. */
    private static <T> T pass(SecretView key, byte[] bytes, SecretResult<T> result) {
        return requireOfThisLibrary(key).compute(bytes.length, (memory, at) -> {
            memory.put(at, bytes, 0, bytes.length);
            return result.take(memory, at, bytes.length);
        });
    }
}
