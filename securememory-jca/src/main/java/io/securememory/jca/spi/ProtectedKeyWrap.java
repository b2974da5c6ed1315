package io.securememory.jca.spi;

import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.NoSuchPaddingException;
import org.jspecify.annotations.Nullable;

/**
 * Wraps and unwraps keys in protected memory by AES. Source: RFC 3394. A key that is unwrapped is in protected memory,
 * too, stored as the key that it was wrapped with; its {@code destroy()} closes it.
 */
final class ProtectedKeyWrap extends CipherSpi {

    private static final int BLOCK = 8;
    private static final int ADDED = 8;

    private final int keyLength;
    private @Nullable ProtectedSecretKey key;
    private boolean wrapping;

    /** @param keyLength bytes that a key must have; 0 for all that AES has */
    ProtectedKeyWrap(int keyLength) {
        this.keyLength = keyLength;
    }

    @Override
    protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
        throw new NoSuchAlgorithmException("There is no mode " + mode + ".");
    }

    @Override
    protected void engineSetPadding(String padding) throws NoSuchPaddingException {
        throw new NoSuchPaddingException("There is no padding " + padding + ".");
    }

    @Override
    protected int engineGetBlockSize() {
        return BLOCK;
    }

    @Override
    protected int engineGetOutputSize(int inputLength) {
        return wrapping ? Math.addExact(inputLength, ADDED) : Math.max(0, inputLength - ADDED);
    }

    @Override
    protected byte @Nullable [] engineGetIV() {
        return null;
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        return null;
    }

    @Override
    protected int engineGetKeySize(Key newKey) throws InvalidKeyException {
        return ProtectedSecretKey.require(newKey, "AES").length() * Byte.SIZE;
    }

    @Override
    protected void engineInit(int mode, Key newKey, @Nullable SecureRandom random) throws InvalidKeyException {
        if (mode != Cipher.WRAP_MODE && mode != Cipher.UNWRAP_MODE) {
            throw new UnsupportedOperationException("this wraps and unwraps keys only");
        }
        ProtectedSecretKey next = ProtectedSecretKey.require(newKey, "AES");
        if (keyLength != 0 && next.length() != keyLength) {
            throw new InvalidKeyException("The key has " + next.length() + " bytes, and " + keyLength + " are needed.");
        }
        key = next;
        wrapping = mode == Cipher.WRAP_MODE;
    }

    @Override
    protected void engineInit(
            int mode, Key newKey, @Nullable AlgorithmParameterSpec spec, @Nullable SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        requireNone(spec);
        engineInit(mode, newKey, random);
    }

    @Override
    protected void engineInit(
            int mode, Key newKey, @Nullable AlgorithmParameters parameters, @Nullable SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        requireNone(parameters);
        engineInit(mode, newKey, random);
    }

    private static void requireNone(@Nullable Object parameters) throws InvalidAlgorithmParameterException {
        if (parameters != null) {
            throw new InvalidAlgorithmParameterException("The wrapping of RFC 3394 takes no parameters.");
        }
    }

    @Override
    protected byte[] engineUpdate(byte[] input, int offset, int length) {
        throw new IllegalStateException("this wraps and unwraps keys only");
    }

    @Override
    protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int outputOffset) {
        throw new IllegalStateException("this wraps and unwraps keys only");
    }

    @Override
    protected byte[] engineDoFinal(byte[] input, int offset, int length) {
        throw new IllegalStateException("this wraps and unwraps keys only");
    }

    @Override
    protected int engineDoFinal(byte[] input, int offset, int length, byte[] output, int outputOffset) {
        throw new IllegalStateException("this wraps and unwraps keys only");
    }

    private ProtectedSecretKey requireKey() {
        ProtectedSecretKey present = key;
        if (present == null) {
            throw new IllegalStateException("there is no key: call init first");
        }
        return present;
    }

    @Override
    protected byte[] engineWrap(Key other) throws InvalidKeyException {
        ProtectedSecretKey wrapped = ProtectedSecretKey.require(other);
        return requireKey()
                .<byte[], InvalidKeyException>use((engine, with) ->
                        wrapped.<byte[], InvalidKeyException>use((sameEngine, bytes) -> engine.wrap(with, bytes)));
    }

    @Override
    protected Key engineUnwrap(byte[] wrapped, String algorithm, int type)
            throws InvalidKeyException, NoSuchAlgorithmException {
        if (type != Cipher.SECRET_KEY) {
            throw new NoSuchAlgorithmException("Secret keys are unwrapped only.");
        }
        return requireKey().make((engine, with, result) -> engine.unwrap(with, wrapped, result), algorithm);
    }
}
