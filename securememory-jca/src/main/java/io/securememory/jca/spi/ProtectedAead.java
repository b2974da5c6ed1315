package io.securememory.jca.spi;

import io.securememory.jca.engine.AeadCipher;
import io.securememory.jca.engine.AeadMessage;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and authenticates with keys in protected memory. The text is kept on the heap until it is complete, also when
 * it is encrypted, and wiped then. So the result comes from {@code doFinal} only.
 *
 * <p>Apart from that it behaves as the JDK's ciphers do. A nonce is used for one encryption only, and another one has to
 * be given, or made, for the next one.
 */
abstract class ProtectedAead extends CipherSpi {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Gathered associatedData = new Gathered();
    private final Gathered text = new Gathered();
    private @Nullable ProtectedSecretKey key;
    private byte @Nullable [] nonce;
    private int tagSize = AeadCipher.TAG_SIZE;
    private boolean encrypting;

    /** Whether the nonce was used for an encryption. */
    private boolean used;

    /** Key and nonce of the last encryption. */
    private @Nullable ProtectedSecretKey lastKey;

    private byte @Nullable [] lastNonce;

    /** Whether text was given, so that associated data can no longer follow. */
    private boolean textBegun;

    /**
     * What the parameters of a cipher say.
     *
     * @param nonce the nonce
     * @param tagSize bytes of a tag
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Parameters(byte[] nonce, int tagSize) {}

    /** Returns the cipher for keys of this length. */
    abstract AeadCipher cipher(int keyLength);

    /** Returns the algorithms that a key may be for. */
    abstract String[] keyAlgorithms();

    abstract Parameters parameters(AlgorithmParameterSpec spec) throws InvalidAlgorithmParameterException;

    abstract Class<? extends AlgorithmParameterSpec> specClass();

    abstract AlgorithmParameterSpec spec(byte[] nonceOfSpec, int tagSizeOfSpec);

    abstract String parametersAlgorithm();

    @Override
    protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
        throw new NoSuchAlgorithmException("There is no mode " + mode + ".");
    }

    @Override
    protected void engineSetPadding(String padding) throws NoSuchPaddingException {
        throw new NoSuchPaddingException("There is no padding " + padding + ".");
    }

    @Override
    protected int engineGetOutputSize(int inputLength) {
        int total = Math.addExact(text.size(), inputLength);
        return encrypting ? Math.addExact(total, tagSize) : Math.max(0, total - tagSize);
    }

    @Override
    protected byte @Nullable [] engineGetIV() {
        return nonce == null ? null : nonce.clone();
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        byte[] present = nonce;
        if (present == null) {
            return null;
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance(parametersAlgorithm());
            parameters.init(spec(present.clone(), tagSize));
            return parameters;
        } catch (NoSuchAlgorithmException | InvalidParameterSpecException e) {
            throw new ProviderException("the JDK has no parameters of " + parametersAlgorithm(), e);
        }
    }

    @Override
    protected int engineGetKeySize(Key newKey) throws InvalidKeyException {
        return ProtectedSecretKey.require(newKey, keyAlgorithms()).length() * Byte.SIZE;
    }

    @Override
    protected void engineInit(int mode, Key newKey, @Nullable SecureRandom random) throws InvalidKeyException {
        try {
            engineInit(mode, newKey, (AlgorithmParameterSpec) null, random);
        } catch (InvalidAlgorithmParameterException e) {
            throw new InvalidKeyException(e.getMessage(), e);
        }
    }

    @Override
    protected void engineInit(
            int mode, Key newKey, @Nullable AlgorithmParameters parameters, @Nullable SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        try {
            engineInit(mode, newKey, parameters == null ? null : parameters.getParameterSpec(specClass()), random);
        } catch (InvalidParameterSpecException e) {
            throw new InvalidAlgorithmParameterException("These are parameters of another algorithm.", e);
        }
    }

    @Override
    protected void engineInit(
            int mode, Key newKey, @Nullable AlgorithmParameterSpec spec, @Nullable SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (mode != Cipher.ENCRYPT_MODE && mode != Cipher.DECRYPT_MODE) {
            throw new UnsupportedOperationException("keys are wrapped by AESWrap");
        }
        ProtectedSecretKey next = ProtectedSecretKey.require(newKey, keyAlgorithms());
        try {
            cipher(next.length());
        } catch (IllegalStateException e) {
            throw new InvalidKeyException(e.getMessage(), e);
        }
        boolean encrypts = mode == Cipher.ENCRYPT_MODE;
        Parameters parameters;
        if (spec != null) {
            parameters = parameters(spec);
        } else if (encrypts) {
            byte[] made = new byte[AeadCipher.AES_256_GCM.nonceSize()];
            (random == null ? RANDOM : random).nextBytes(made);
            parameters = new Parameters(made, AeadCipher.TAG_SIZE);
        } else {
            throw new InvalidAlgorithmParameterException("To decrypt, the nonce is needed as a parameter.");
        }
        if (encrypts && isSameAsBefore(next, parameters.nonce())) {
            throw new InvalidAlgorithmParameterException(
                    "This nonce was used with this key before; encrypting with it again would reveal both texts.");
        }
        begin(next, parameters, encrypts);
    }

    /** Whether key and nonce are those of the last encryption. Keys are compared if the nonces are equal only. */
    private boolean isSameAsBefore(ProtectedSecretKey next, byte[] nextNonce) {
        return lastKey != null && Arrays.equals(lastNonce, nextNonce) && lastKey.isSameAs(next);
    }

    private void begin(ProtectedSecretKey next, Parameters parameters, boolean encrypts) {
        key = next;
        nonce = parameters.nonce();
        tagSize = parameters.tagSize();
        encrypting = encrypts;
        used = false;
        clear();
    }

    private void clear() {
        associatedData.clear();
        text.clear();
        textBegun = false;
    }

    private void requireFresh() {
        if (used) {
            throw new IllegalStateException("the nonce was used: call init with another one for the next encryption");
        }
    }

    @Override
    protected void engineUpdateAAD(byte[] source, int offset, int length) {
        requireNoText();
        associatedData.add(source, offset, length);
    }

    @Override
    protected void engineUpdateAAD(ByteBuffer source) {
        requireNoText();
        associatedData.add(source);
    }

    private void requireNoText() {
        requireFresh();
        if (textBegun) {
            throw new IllegalStateException("associated data comes before the text");
        }
    }

    @Override
    protected byte @Nullable [] engineUpdate(byte[] input, int offset, int length) {
        requireFresh();
        textBegun = true;
        text.add(input, offset, length);
        return null;
    }

    @Override
    protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int outputOffset) {
        engineUpdate(input, offset, length);
        return 0;
    }

    @Override
    protected int engineUpdate(ByteBuffer input, ByteBuffer output) {
        requireFresh();
        textBegun = true;
        text.add(input);
        return 0;
    }

    @Override
    protected byte[] engineDoFinal(byte @Nullable [] input, int offset, int length) throws AEADBadTagException {
        requireFresh();
        try {
            if (input == null || text.size() > 0) {
                if (input != null) {
                    text.add(input, offset, length);
                }
                return compute(text.array(), 0, text.size());
            }
            return compute(input, offset, length);
        } finally {
            clear();
        }
    }

    @Override
    protected int engineDoFinal(byte @Nullable [] input, int offset, int length, byte[] output, int outputOffset)
            throws ShortBufferException, AEADBadTagException {
        requireFresh();
        requireRoom(length, output.length - outputOffset);
        byte[] result = engineDoFinal(input, offset, length);
        System.arraycopy(result, 0, output, outputOffset, result.length);
        Arrays.fill(result, (byte) 0);
        return result.length;
    }

    @Override
    protected int engineDoFinal(ByteBuffer input, ByteBuffer output) throws ShortBufferException, AEADBadTagException {
        requireFresh();
        requireRoom(input.remaining(), output.remaining());
        text.add(input);
        byte[] result = engineDoFinal(null, 0, 0);
        output.put(result);
        Arrays.fill(result, (byte) 0);
        return result.length;
    }

    private void requireRoom(int inputLength, int room) throws ShortBufferException {
        int needed = engineGetOutputSize(inputLength);
        if (room < needed) {
            throw new ShortBufferException(
                    "The output has room for " + room + " bytes, and " + needed + " are needed.");
        }
    }

    private byte[] compute(byte[] input, int offset, int length) throws AEADBadTagException {
        ProtectedSecretKey present = key;
        byte[] with = nonce;
        if (present == null || with == null) {
            throw new IllegalStateException("there is no key: call init first");
        }
        if (!encrypting && length < tagSize) {
            throw new AEADBadTagException("The input is shorter than a tag.");
        }
        if (encrypting) { // Also if this fails.
            used = true;
            lastKey = present;
            lastNonce = with;
        }
        AeadMessage message = new AeadMessage(with, associatedData.copy(), input, offset, length).withTagSize(tagSize);
        return present.<byte[], AEADBadTagException>use((engine, bytes) -> encrypting
                ? engine.encrypt(cipher(bytes.length()), bytes, message)
                : engine.decrypt(cipher(bytes.length()), bytes, message));
    }
}
