package io.securememory.jca.engine;

import io.securememory.Secret;
import io.securememory.SecretView;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;

/**
 * Makes private keys by BouncyCastle, on the heap.
 *
 * <p><b>Limits.</b> The arrays are wiped. The numbers of BouncyCastle and of {@code BigInteger} cannot be wiped: they stay
 * on the heap until it is used again.
 */
public final class BouncyCastleKeyGenerator implements KeyGenerator {

    /** As many rounds as FIPS 186-5, table B.1, asks for with primes of this length, or more. */
    private static final int CERTAINTY = 112;

    private final SecureRandom random = new SecureRandom();

    /** Creates a generator. */
    public BouncyCastleKeyGenerator() {}

    @Override
    public Generated rsa(SecretView place, int bits, BigInteger publicExponent, SecretResult<Secret> keep) {
        RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
        generator.init(new RSAKeyGenerationParameters(publicExponent, random, bits, CERTAINTY));
        RSAPrivateCrtKeyParameters key =
                (RSAPrivateCrtKeyParameters) generator.generateKeyPair().getPrivate();
        KeyShape.Rsa shape = new KeyShape.Rsa(key.getModulus(), publicExponent, false, null);
        Numbers numbers = new Numbers(shape.size());
        numbers.add(key.getExponent(), shape.width());
        for (BigInteger number : new BigInteger[] {key.getP(), key.getQ(), key.getDP(), key.getDQ(), key.getQInv()}) {
            numbers.add(number, shape.halfWidth());
        }
        return new Generated(shape, numbers.kept(keep));
    }

    @Override
    public Generated ec(SecretView place, Curve curve, SecretResult<Secret> keep) {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(
                new ECDomainParameters(SECNamedCurves.getByName(curve.standardName())), random));
        ECPrivateKeyParameters key =
                (ECPrivateKeyParameters) generator.generateKeyPair().getPrivate();
        Numbers numbers = new Numbers(curve.size());
        numbers.add(key.getD(), curve.size());
        return new Generated(new KeyShape.Ec(curve), numbers.kept(keep));
    }

    /** Numbers in the order of the machine, one behind the other. */
    private static final class Numbers {

        private final byte[] bytes;
        private int filled;

        Numbers(int size) {
            bytes = new byte[size];
        }

        void add(BigInteger number, int width) {
            byte[] magnitude = number.toByteArray();
            byte[] wide = new byte[width];
            int length = Math.min(width, magnitude.length);
            System.arraycopy(magnitude, magnitude.length - length, wide, width - length, length);
            System.arraycopy(NativeKey.ordered(wide), 0, bytes, filled, width);
            filled += width;
            Arrays.fill(magnitude, (byte) 0);
            Arrays.fill(wide, (byte) 0);
        }

        Secret kept(SecretResult<Secret> keep) {
            try {
                return keep.take(ByteBuffer.wrap(bytes), 0, bytes.length);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }
}
