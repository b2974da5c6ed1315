package io.securememory.jca.spi;

import io.securememory.jca.engine.AeadCipher;
import java.security.InvalidAlgorithmParameterException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/** ChaCha20-Poly1305 with keys in protected memory. */
final class ProtectedChaCha20Poly1305 extends ProtectedAead {

    private static final AeadCipher CIPHER = AeadCipher.CHACHA20_POLY1305;

    @Override
    AeadCipher cipher(int length) {
        CIPHER.requireKeySize(length);
        return CIPHER;
    }

    @Override
    String[] keyAlgorithms() {
        return new String[] {"ChaCha20", "ChaCha20-Poly1305"};
    }

    @Override
    Parameters parameters(AlgorithmParameterSpec spec) throws InvalidAlgorithmParameterException {
        if (!(spec instanceof IvParameterSpec iv)) {
            throw new InvalidAlgorithmParameterException("An IvParameterSpec is needed.");
        }
        byte[] nonce = iv.getIV();
        if (nonce.length != CIPHER.nonceSize()) {
            throw new InvalidAlgorithmParameterException("The nonce has " + nonce.length + " bytes; 12 are needed.");
        }
        return new Parameters(nonce, AeadCipher.TAG_SIZE);
    }

    @Override
    Class<? extends AlgorithmParameterSpec> specClass() {
        return IvParameterSpec.class;
    }

    @Override
    AlgorithmParameterSpec spec(byte[] nonce, int tagSize) {
        return new IvParameterSpec(nonce);
    }

    @Override
    String parametersAlgorithm() {
        return "ChaCha20-Poly1305";
    }

    /** A cipher without blocks. */
    @Override
    protected int engineGetBlockSize() {
        return 0;
    }
}
