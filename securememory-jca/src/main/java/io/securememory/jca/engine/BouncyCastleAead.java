package io.securememory.jca.engine;

import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** Encrypts and decrypts by BouncyCastle, on the heap. */
final class BouncyCastleAead {

    private static final int BLOCK = 16;

    private BouncyCastleAead() {}

    /**
     * Encrypts or decrypts.
     *
     * @return the result
     * @throws InvalidCipherTextException if the tag is wrong; nothing of the plaintext is left then
     */
    static byte[] run(AeadCipher cipher, byte[] key, AeadMessage message, boolean encrypt)
            throws InvalidCipherTextException {
        if (cipher != AeadCipher.XAES_256_GCM) {
            return compute(cipher, key, message.nonce(), message, encrypt);
        }
        byte[] nonce = message.nonce();
        byte[] derived = derive(key, nonce);
        try {
            byte[] rest = Arrays.copyOfRange(nonce, LibcryptoXaes.NONCE_USED, nonce.length);
            return compute(AeadCipher.AES_256_GCM, derived, rest, message, encrypt);
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    /** Derives the key of XAES-256-GCM: CMAC over a number, a label and half of the nonce, for each half of the key. */
    private static byte[] derive(byte[] key, byte[] nonce) {
        byte[] derived = new byte[2 * BLOCK];
        KeyParameter parameter = new KeyParameter(key);
        try {
            CMac cmac = new CMac(AESEngine.newInstance());
            for (int number = 1; number <= 2; number++) {
                byte[] input = {0, (byte) number, 'X', 0};
                cmac.init(parameter);
                cmac.update(input, 0, input.length);
                cmac.update(nonce, 0, LibcryptoXaes.NONCE_USED);
                cmac.doFinal(derived, (number - 1) * BLOCK);
            }
            return derived;
        } finally {
            BouncyCastleSecretKeyEngine.wipe(parameter);
        }
    }

    private static byte[] compute(AeadCipher cipher, byte[] key, byte[] nonce, AeadMessage message, boolean encrypt)
            throws InvalidCipherTextException {
        byte[] output = message.newOutput(encrypt);
        int to = encrypt ? message.room() : 0;
        KeyParameter parameter = new KeyParameter(key);
        boolean done = false;
        try {
            AEADCipher engine = newEngine(cipher);
            engine.init(
                    encrypt,
                    new AEADParameters(parameter, message.tagSize() * Byte.SIZE, nonce, message.associatedData()));
            int length = message.bareLength(encrypt) + (encrypt ? 0 : message.tagSize());
            to += engine.processBytes(message.text(), message.from(), length, output, to);
            engine.doFinal(output, to);
            done = true;
            return output;
        } finally {
            if (!done) {
                Arrays.fill(output, (byte) 0);
            }
            BouncyCastleSecretKeyEngine.wipe(parameter);
        }
    }

    private static AEADCipher newEngine(AeadCipher cipher) {
        if (cipher == AeadCipher.CHACHA20_POLY1305) {
            return new ChaCha20Poly1305();
        }
        BlockCipher aes = AESEngine.newInstance();
        return GCMBlockCipher.newInstance(aes);
    }
}
