package io.securememory.jca.spi;

import io.securememory.jca.engine.AeadCipher;
import java.security.InvalidAlgorithmParameterException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.spec.GCMParameterSpec;

/** AES in Galois/Counter Mode with keys in protected memory. */
final class ProtectedAesGcm extends ProtectedAead {

    private static final int BLOCK = 16;
    private static final int LEAST_TAG = 96;
    private static final int MOST_TAG = 128;

    private final int keyLength;

    /** @param keyLength bytes that a key must have; 0 for all that AES has */
    ProtectedAesGcm(int keyLength) {
        this.keyLength = keyLength;
    }

    @Override
    AeadCipher cipher(int length) {
        AeadCipher cipher = switch (keyLength == 0 ? length : keyLength) {
            case 16 -> AeadCipher.AES_128_GCM;
            case 24 -> AeadCipher.AES_192_GCM;
            default -> AeadCipher.AES_256_GCM;
        };
        cipher.requireKeySize(length);
        return cipher;
    }

    @Override
    String[] keyAlgorithms() {
        return new String[] {"AES"};
    }

    @Override
    Parameters parameters(AlgorithmParameterSpec spec) throws InvalidAlgorithmParameterException {
        if (!(spec instanceof GCMParameterSpec gcm)) {
            throw new InvalidAlgorithmParameterException("A GCMParameterSpec is needed.");
        }
        int tag = gcm.getTLen();
        if (tag < LEAST_TAG || tag > MOST_TAG || tag % Byte.SIZE != 0) {
            throw new InvalidAlgorithmParameterException(
                    "The tag has " + tag + " bits; 128 are needed, or 120, 112, 104 or 96.");
        }
        byte[] nonce = gcm.getIV();
        if (nonce.length < 1 || nonce.length > AeadCipher.LONGEST_NONCE) {
            throw new InvalidAlgorithmParameterException("The nonce has " + nonce.length
                    + " bytes; 12 are best, and 1 to " + AeadCipher.LONGEST_NONCE + " are possible.");
        }
        return new Parameters(nonce, tag / Byte.SIZE);
    }

    @Override
    Class<? extends AlgorithmParameterSpec> specClass() {
        return GCMParameterSpec.class;
    }

    @Override
    AlgorithmParameterSpec spec(byte[] nonce, int tagSize) {
        return new GCMParameterSpec(tagSize * Byte.SIZE, nonce);
    }

    @Override
    String parametersAlgorithm() {
        return "GCM";
    }

    @Override
    protected int engineGetBlockSize() {
        return BLOCK;
    }
}
