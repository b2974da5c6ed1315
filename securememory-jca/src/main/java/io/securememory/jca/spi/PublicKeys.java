package io.securememory.jca.spi;

import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.RawKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Makes ordinary public keys of the JDK. */
public final class PublicKeys {

    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_IDENTIFIER = 0x06;

    private PublicKeys() {}

    /**
     * Computes the public key of a private key.
     *
     * @param key the private key
     * @return its public key
     * @throws GeneralSecurityException if its numbers are no key
     */
    public static PublicKey of(ProtectedPrivateKey key) throws GeneralSecurityException {
        return key.use((engine, numbers, shape) ->
                shape instanceof KeyShape.Rsa rsa ? ofRsa(rsa) : of(shape, engine.publicKey(numbers, shape)));
    }

    private static PublicKey ofRsa(KeyShape.Rsa shape) throws GeneralSecurityException {
        return KeyFactory.getInstance(shape.algorithm())
                .generatePublic(new RSAPublicKeySpec(shape.modulus(), shape.publicExponent(), shape.parameters()));
    }

    private static PublicKey of(KeyShape shape, byte[] encoded) throws GeneralSecurityException {
        if (shape instanceof KeyShape.Ec ec) {
            Curve curve = ec.curve();
            int size = curve.size();
            ECPoint point = new ECPoint(
                    new BigInteger(1, Arrays.copyOfRange(encoded, 1, 1 + size)),
                    new BigInteger(1, Arrays.copyOfRange(encoded, 1 + size, 1 + 2 * size)));
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve.parameters()));
        }
        RawKey kind = ((KeyShape.Raw) shape).kind();
        return KeyFactory.getInstance(kind.standardName()).generatePublic(new X509EncodedKeySpec(info(kind, encoded)));
    }

    /** Returns SubjectPublicKeyInfo. All its lengths are below 128. Source: RFC 8410 section 4. */
    private static byte[] info(RawKey kind, byte[] key) {
        byte[] identifier = element(OBJECT_IDENTIFIER, HexFormat.of().parseHex(kind.identifier()));
        byte[] algorithm = element(SEQUENCE, identifier);
        byte[] bits = new byte[1 + key.length]; // No unused bits in front.
        System.arraycopy(key, 0, bits, 1, key.length);
        byte[] string = element(BIT_STRING, bits);
        byte[] content = Arrays.copyOf(algorithm, algorithm.length + string.length);
        System.arraycopy(string, 0, content, algorithm.length, string.length);
        return element(SEQUENCE, content);
    }

    private static byte[] element(int tag, byte[] content) {
        byte[] element = new byte[2 + content.length];
        element[0] = (byte) tag;
        element[1] = (byte) content.length;
        System.arraycopy(content, 0, element, 2, content.length);
        return element;
    }
}
