package io.securememory.jca.engine;

import io.securememory.SecretView;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.RuntimeCryptoException;
import org.bouncycastle.crypto.encodings.OAEPEncoding;
import org.bouncycastle.crypto.engines.RSABlindedEngine;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;

/** RSA with BouncyCastle. Source: RFC 8017. */
final class BouncyCastleRsa {

    private final SecureRandom random = new SecureRandom();

    byte[] sign(SecretView numbers, KeyShape.Rsa shape, SignatureScheme.Pkcs1 scheme, byte[] input)
            throws GeneralSecurityException {
        Digest digest = scheme.digest();
        byte[] prefix = digestInfo(digest);
        byte[] block = new byte[shape.width()];
        int at = block.length - input.length - prefix.length;
        Arrays.fill(block, 2, at - 1, (byte) 0xff);
        block[1] = 1;
        System.arraycopy(prefix, 0, block, at, prefix.length);
        System.arraycopy(input, 0, block, block.length - input.length, input.length);
        CheckedRsa cipher = new CheckedRsa(new RSABlindedEngine(), shape);
        cipher.init(true, key(numbers, shape));
        try {
            return cipher.processBlock(block, 0, block.length);
        } catch (CheckedRsa.WrongResultException e) {
            throw wrongKey();
        } catch (CryptoException | RuntimeCryptoException e) {
            throw notSigned(shape);
        }
    }

    byte[] sign(SecretView numbers, KeyShape.Rsa shape, SignatureScheme.Pss scheme, byte[] input)
            throws GeneralSecurityException {
        Digest digest = scheme.digest();
        PSSSigner signer = PSSSigner.createRawSigner(
                new CheckedRsa(new RSABlindedEngine(), shape),
                BouncyCastleDigests.of(digest),
                BouncyCastleDigests.of(scheme.maskDigest()),
                scheme.saltLength(),
                PSSSigner.TRAILER_IMPLICIT);
        signer.init(true, key(numbers, shape));
        signer.update(input, 0, input.length);
        try {
            return signer.generateSignature();
        } catch (CheckedRsa.WrongResultException e) {
            throw wrongKey();
        } catch (CryptoException | RuntimeCryptoException e) {
            throw notSigned(shape);
        }
    }

    byte[] decrypt(SecretView numbers, KeyShape.Rsa shape, RsaPadding padding, byte[] input)
            throws GeneralSecurityException {
        CheckedRsa rsa = new CheckedRsa(new RSABlindedEngine(), shape);
        AsymmetricBlockCipher cipher = rsa;
        if (padding instanceof RsaPadding.Oaep oaep) {
            cipher = oaep(rsa, oaep);
        }
        cipher.init(false, key(numbers, shape));
        byte[] plaintext;
        try {
            plaintext = cipher.processBlock(input, 0, input.length);
        } catch (CheckedRsa.WrongResultException e) {
            throw wrongKey();
        } catch (CryptoException | RuntimeCryptoException e) {
            throw EngineChecks.wrongCiphertext();
        }
        return padding instanceof RsaPadding.None ? widened(plaintext, shape.width()) : plaintext;
    }

    private static AsymmetricBlockCipher oaep(CheckedRsa rsa, RsaPadding.Oaep padding) {
        ByteBuffer label = padding.label().duplicate();
        byte[] bytes = new byte[label.remaining()];
        label.get(bytes);
        return new OAEPEncoding(
                rsa, BouncyCastleDigests.of(padding.digest()), BouncyCastleDigests.of(padding.maskDigest()), bytes);
    }

    /** Returns a plaintext with its leading zeros. */
    private static byte[] widened(byte[] plaintext, int width) {
        byte[] wide = new byte[width];
        System.arraycopy(plaintext, 0, wide, width - plaintext.length, plaintext.length);
        Arrays.fill(plaintext, (byte) 0);
        return wide;
    }

    /**
     * Returns the key, which nobody can wipe. It lacks d, which the other numbers make superfluous: so d does not come
     * to the heap. BouncyCastle does not look for factors of the modulus each time, as a result that does not fit it is
     * refused.
     */
    private CipherParameters key(SecretView numbers, KeyShape.Rsa shape) {
        BigInteger[] rest = new BigInteger[KeyShape.Rsa.CRT_NUMBERS];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = HeapNumbers.number(numbers, shape.width() + i * shape.halfWidth(), shape.halfWidth());
        }
        return new ParametersWithRandom(
                new RSAPrivateCrtKeyParameters(
                        shape.modulus(),
                        shape.publicExponent(),
                        BigInteger.ONE,
                        rest[0],
                        rest[1],
                        rest[2],
                        rest[3],
                        rest[4],
                        true),
                random);
    }

    /** Returns what precedes the digest in the value of DigestInfo. Source: RFC 8017 section 9.2. */
    private static byte[] digestInfo(Digest digest) {
        return HexFormat.of()
                .parseHex(
                        switch (digest) {
                            case SHA_1 -> "3021300906052b0e03021a05000414";
                            case SHA_224 -> "302d300d06096086480165030402040500041c";
                            case SHA_256 -> "3031300d060960864801650304020105000420";
                            case SHA_384 -> "3041300d060960864801650304020205000430";
                            case SHA_512 -> "3051300d060960864801650304020305000440";
                        });
    }

    private static SignatureException notSigned(KeyShape.Rsa shape) {
        return new SignatureException(
                "BouncyCastle cannot sign with a key of " + shape.modulus().bitLength() + " bits");
    }

    private static InvalidKeyException wrongKey() {
        return new InvalidKeyException(
                "The result does not fit the public key: the numbers of the key do not belong together, or the"
                        + " computation went wrong.");
    }
}
