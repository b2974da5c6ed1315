package io.securememory.jca.engine;

import io.securememory.SecretView;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import javax.crypto.BadPaddingException;

/**
 * What every engine refuses before it computes: so both answer in the same way, and none reads bytes that are not there.
 */
final class EngineChecks {

    /** First byte of a point that is not compressed. Source: SEC 1 section 2.3.3. */
    private static final byte UNCOMPRESSED = 4;

    /** Bytes that PKCS#1 v1.5 puts around what is signed: 00 01, at least eight of FF, 00. */
    private static final int LEAST_PADDING = 11;

    /** Bytes of DigestInfo before the digest, for SHA-1 and for the others. */
    private static final int SHA_1_INFO = 15;

    private static final int DIGEST_INFO = 19;

    private EngineChecks() {}

    /** Checks a key, how it is to sign, and what. */
    static void requireSigning(SecretView numbers, KeyShape shape, SignatureScheme scheme, byte[] input)
            throws InvalidKeyException, SignatureException {
        requireNumbers(numbers, shape);
        if (shape instanceof KeyShape.Rsa key && scheme instanceof SignatureScheme.Pkcs1 pkcs1) {
            requireAnyUse(key);
            requireDigest(pkcs1.digest(), input);
            int info = pkcs1.digest() == Digest.SHA_1 ? SHA_1_INFO : DIGEST_INFO;
            requireLong(key, LEAST_PADDING + info + input.length, pkcs1.digest().standardName());
        } else if (shape instanceof KeyShape.Rsa key && scheme instanceof SignatureScheme.Pss pss) {
            requireDigest(pss.digest(), input);
            requireSalt(key, pss);
        } else if (shape instanceof KeyShape.Ec && scheme instanceof SignatureScheme.Ecdsa ecdsa) {
            Digest digest = ecdsa.digest();
            if (digest != null) {
                requireDigest(digest, input);
            }
        } else if (!(shape instanceof KeyShape.Raw key
                && key.kind().signs()
                && scheme instanceof SignatureScheme.Eddsa)) {
            throw new InvalidKeyException("A key of " + shape.algorithm() + " does not sign with "
                    + scheme.getClass().getSimpleName() + ".");
        }
    }

    /** Checks a key whose public key is to be computed. */
    static void requirePublicKey(SecretView numbers, KeyShape shape) throws InvalidKeyException {
        requireNumbers(numbers, shape);
        if (shape instanceof KeyShape.Rsa) {
            throw new InvalidKeyException("The public key of " + shape.algorithm() + " is known from its shape.");
        }
    }

    /** Checks a key and the length of a ciphertext. */
    static void requireDecryption(SecretView numbers, KeyShape.Rsa shape, RsaPadding padding, byte[] input)
            throws InvalidKeyException, BadPaddingException {
        requireNumbers(numbers, shape);
        requireAnyUse(shape);
        if (padding instanceof RsaPadding.Oaep oaep) {
            requireLong(
                    shape,
                    2 * oaep.digest().size() + 2,
                    "OAEP with " + oaep.digest().standardName());
        }
        if (input.length != shape.width() || new BigInteger(1, input).compareTo(shape.modulus()) >= 0) {
            throw wrongCiphertext();
        }
    }

    /** The one answer to every ciphertext that does not fit: more would help to decrypt others. */
    static BadPaddingException wrongCiphertext() {
        return new BadPaddingException("The ciphertext does not fit the key and the padding.");
    }

    /** Checks a key and the form of the other side's public key. */
    static void requireAgreement(SecretView numbers, KeyShape shape, byte[] peer) throws InvalidKeyException {
        requireNumbers(numbers, shape);
        if (shape instanceof KeyShape.Ec key) {
            if (peer.length != 1 + 2 * shape.size() || peer[0] != UNCOMPRESSED) {
                throw new InvalidKeyException("The other side's public key is no uncompressed point of "
                        + key.curve().group() + ".");
            }
        } else if (shape instanceof KeyShape.Raw key && !key.kind().signs()) {
            if (peer.length != shape.size()) {
                throw new InvalidKeyException("The other side's public key has " + peer.length + " bytes, and one of "
                        + key.kind().standardName() + " has " + shape.size() + ".");
            }
        } else {
            throw new InvalidKeyException("A key of " + shape.algorithm() + " does not agree on a secret.");
        }
    }

    private static void requireNumbers(SecretView numbers, KeyShape shape) throws InvalidKeyException {
        if (numbers.length() != shape.size()) {
            throw new InvalidKeyException("The secret has " + numbers.length()
                    + " bytes, and the numbers of this key of " + shape.algorithm() + " have " + shape.size() + ".");
        }
        if (shape instanceof KeyShape.Ec key) {
            requireScalar(numbers, key.curve());
        }
    }

    /** Checks that a number is from 1 to the order less one, in a time that does not depend on it. */
    private static void requireScalar(SecretView numbers, Curve curve) throws InvalidKeyException {
        byte[] order = curve.parameters().getOrder().toByteArray();
        int extra = order.length - curve.size();
        int borrow = 0;
        int ones = 0;
        for (int i = curve.size() - 1; i >= 0; i--) {
            int digit = Byte.toUnsignedInt(
                    numbers.get(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? curve.size() - 1 - i : i));
            ones |= digit;
            int difference = digit - Byte.toUnsignedInt(order[i + extra]) - borrow;
            borrow = difference >>> (Integer.SIZE - 1);
        }
        if (ones == 0 || borrow == 0) {
            throw new InvalidKeyException("The number is no private key of " + curve.group()
                    + ": it is zero, or not less than the order of the curve.");
        }
    }

    private static void requireDigest(Digest digest, byte[] input) throws SignatureException {
        if (input.length != digest.size()) {
            throw new SignatureException("The input has " + input.length + " bytes, and a digest of "
                    + digest.standardName() + " has " + digest.size() + ".");
        }
    }

    private static void requireAnyUse(KeyShape.Rsa shape) throws InvalidKeyException {
        if (shape.pss()) {
            throw new InvalidKeyException("A key of RSASSA-PSS is for signatures of RSASSA-PSS alone.");
        }
    }

    private static void requireSalt(KeyShape.Rsa shape, SignatureScheme.Pss scheme) throws InvalidKeyException {
        int encoded = (shape.modulus().bitLength() + Byte.SIZE - 2) / Byte.SIZE;
        if (scheme.saltLength() < 0
                || scheme.saltLength() > encoded - scheme.digest().size() - 2) {
            throw tooShort(shape, scheme.digest().standardName() + " with a salt of " + scheme.saltLength() + " bytes");
        }
    }

    private static void requireLong(KeyShape.Rsa shape, int bytes, String use) throws InvalidKeyException {
        if (shape.width() < bytes) {
            throw tooShort(shape, use);
        }
    }

    private static InvalidKeyException tooShort(KeyShape.Rsa shape, String use) {
        return new InvalidKeyException(
                "A modulus of " + shape.modulus().bitLength() + " bits is too short for " + use + ".");
    }
}
