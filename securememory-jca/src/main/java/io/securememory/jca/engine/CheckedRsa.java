package io.securememory.jca.engine;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.InvalidCipherTextException;

/**
 * RSA that raises each result to the public exponent and compares, before the result leaves. One that was computed with
 * a fault would give the factors of the modulus away (Boneh, DeMillo, Lipton, 1997).
 *
 * <p>BouncyCastle 1.86 makes this check, too, with what it computes from the blinded input. It is made here because the
 * application chooses the version, and not all of them have it.
 */
final class CheckedRsa implements AsymmetricBlockCipher {

    private final AsymmetricBlockCipher engine;
    private final KeyShape.Rsa shape;

    CheckedRsa(AsymmetricBlockCipher engine, KeyShape.Rsa shape) {
        this.engine = engine;
        this.shape = shape;
    }

    /** The numbers of a key, or what was computed with them, are wrong. */
    static final class WrongResultException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    @Override
    public void init(boolean forEncryption, CipherParameters parameters) {
        engine.init(forEncryption, parameters);
    }

    @Override
    public int getInputBlockSize() {
        return engine.getInputBlockSize();
    }

    @Override
    public int getOutputBlockSize() {
        return engine.getOutputBlockSize();
    }

    @Override
    public byte[] processBlock(byte[] input, int offset, int length) throws InvalidCipherTextException {
        byte[] output;
        try {
            output = engine.processBlock(input, offset, length);
        } catch (ArithmeticException | IllegalStateException e) {
            throw new WrongResultException();
        }
        BigInteger raised = new BigInteger(1, output).modPow(shape.publicExponent(), shape.modulus());
        if (!raised.equals(new BigInteger(1, input, offset, length))) {
            Arrays.fill(output, (byte) 0);
            throw new WrongResultException();
        }
        return output;
    }
}
