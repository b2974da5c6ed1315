package io.securememory.jca.spi;

import io.securememory.jca.engine.Digest;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.RsaPadding;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts with keys of RSA in protected memory. Public keys encrypt by other providers.
 *
 * <p>The plaintext is returned in an array, as the JCA wants it, and is the caller's to wipe.
 */
final class ProtectedRsaCipher extends CipherSpi {

    private final RsaCipherPadding padding;
    private @Nullable ProtectedPrivateKey key;
    private @Nullable OAEPParameterSpec parameters;
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();

    ProtectedRsaCipher(RsaCipherPadding padding) {
        this.padding = padding;
        this.parameters = padding.parameters();
    }

    @Override
    protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
        if (!mode.equalsIgnoreCase("ECB")) {
            throw new NoSuchAlgorithmException("RSA has no mode " + mode);
        }
    }

    @Override
    protected void engineSetPadding(String padding) throws NoSuchPaddingException {
        throw new NoSuchPaddingException("the padding is part of the name of this cipher");
    }

    @Override
    protected void engineInit(int mode, Key given, SecureRandom random) throws InvalidKeyException {
        if (mode != Cipher.DECRYPT_MODE && mode != Cipher.UNWRAP_MODE) {
            throw new InvalidKeyException("A private key decrypts and unwraps only.");
        }
        if (!(given instanceof ProtectedPrivateKey usable)) {
            throw new InvalidKeyException("The key is not in protected memory; make one with ProtectedKeys.");
        }
        usable.requireUsable();
        if (!(usable.shape() instanceof KeyShape.Rsa rsa) || rsa.pss()) {
            throw new InvalidKeyException("A key of " + usable.getAlgorithm() + " does not decrypt.");
        }
        key = usable;
        input.reset();
    }

    @Override
    protected void engineInit(int mode, Key given, @Nullable AlgorithmParameterSpec spec, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        OAEPParameterSpec wanted = padding.parameters();
        if (spec != null) {
            if (wanted == null || !(spec instanceof OAEPParameterSpec oaep)) {
                throw new InvalidAlgorithmParameterException(padding.paddingName()
                        + (wanted == null ? " takes no parameters." : " takes an OAEPParameterSpec."));
            }
            removed(oaep);
            wanted = oaep;
        }
        parameters = wanted;
        engineInit(mode, given, random);
    }

    @Override
    protected void engineInit(int mode, Key given, @Nullable AlgorithmParameters encoded, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        try {
            engineInit(mode, given, encoded == null ? null : encoded.getParameterSpec(OAEPParameterSpec.class), random);
        } catch (InvalidParameterSpecException e) {
            throw new InvalidAlgorithmParameterException("OAEP takes its own parameters.", e);
        }
    }

    private RsaPadding removed(@Nullable OAEPParameterSpec oaep) throws InvalidAlgorithmParameterException {
        if (oaep == null) {
            return new RsaPadding.None();
        }
        Digest digest = Digest.byName(oaep.getDigestAlgorithm()).orElse(null);
        Digest mask = oaep.getMGFParameters() instanceof MGF1ParameterSpec mgf1
                ? Digest.byName(mgf1.getDigestAlgorithm()).orElse(null)
                : null;
        if (digest == null
                || !padding.allows(digest)
                || mask == null
                || !(oaep.getPSource() instanceof PSource.PSpecified label)) {
            throw new InvalidAlgorithmParameterException(padding.paddingName()
                    + " takes its own digest, or one of SHA-1 and SHA-2, with MGF1 and a given label.");
        }
        return new RsaPadding.Oaep(
                digest, mask, ByteBuffer.wrap(label.getValue()).asReadOnlyBuffer());
    }

    private ProtectedPrivateKey requireKey() {
        ProtectedPrivateKey present = key;
        if (present == null) {
            throw new IllegalStateException("The cipher is not initialized.");
        }
        return present;
    }

    @Override
    protected byte @Nullable [] engineUpdate(byte[] source, int from, int length) {
        requireKey();
        input.write(source, from, length);
        return null;
    }

    @Override
    protected int engineUpdate(byte[] source, int from, int length, byte[] target, int to) {
        engineUpdate(source, from, length);
        return 0;
    }

    @Override
    protected byte[] engineDoFinal(byte @Nullable [] source, int from, int length)
            throws IllegalBlockSizeException, BadPaddingException {
        if (source != null) {
            engineUpdate(source, from, length);
        }
        byte[] ciphertext = input.toByteArray();
        input.reset();
        try {
            return requireKey().use((engine, numbers, shape) -> {
                KeyShape.Rsa rsa = (KeyShape.Rsa) shape;
                if (ciphertext.length != rsa.width()) {
                    throw new IllegalBlockSizeException("The ciphertext has " + ciphertext.length
                            + " bytes, and those of this key have " + rsa.width() + ".");
                }
                return engine.decrypt(numbers, rsa, removed(parameters), ciphertext);
            });
        } catch (IllegalBlockSizeException | BadPaddingException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new ProviderException(e.getMessage(), e);
        }
    }

    @Override
    protected int engineDoFinal(byte @Nullable [] source, int from, int length, byte[] target, int to)
            throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
        int most = engineGetOutputSize(length);
        if (most > target.length - to) { // Before anything is computed, so that the caller can try again.
            throw new ShortBufferException("The plaintext may have " + most + " bytes.");
        }
        byte[] plain = engineDoFinal(source, from, length);
        try {
            System.arraycopy(plain, 0, target, to, plain.length);
            return plain.length;
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** The unwrapped key is an ordinary one, on the heap. */
    @Override
    protected Key engineUnwrap(byte[] wrapped, String algorithm, int type)
            throws InvalidKeyException, NoSuchAlgorithmException {
        if (type != Cipher.SECRET_KEY) {
            throw new NoSuchAlgorithmException("RSA unwraps secret keys only.");
        }
        byte[] plain = {};
        try {
            plain = engineDoFinal(wrapped, 0, wrapped.length);
            return new SecretKeySpec(plain, algorithm);
        } catch (IllegalBlockSizeException | BadPaddingException | IllegalArgumentException e) {
            throw new InvalidKeyException("The wrapped key cannot be decrypted.", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    @Override
    protected int engineGetKeySize(Key given) throws InvalidKeyException {
        if (given instanceof ProtectedPrivateKey own && own.shape() instanceof KeyShape.Rsa rsa) {
            return rsa.modulus().bitLength();
        }
        throw new InvalidKeyException("The key is not in protected memory.");
    }

    @Override
    protected int engineGetBlockSize() {
        return 0;
    }

    @Override
    protected int engineGetOutputSize(int length) {
        return ((KeyShape.Rsa) requireKey().shape()).width();
    }

    @Override
    protected byte @Nullable [] engineGetIV() {
        return null;
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        if (parameters == null) {
            return null;
        }
        try {
            AlgorithmParameters encoded = AlgorithmParameters.getInstance("OAEP");
            encoded.init(parameters);
            return encoded;
        } catch (GeneralSecurityException e) {
            throw new ProviderException(e);
        }
    }
}
