package io.securememory.jca.engine;

import io.securememory.SecretView;
import io.securememory.memguard.internal.ComputingView;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Computes with the lightweight API of BouncyCastle, where there is no libcrypto. It registers no provider.
 *
 * <p><b>Guarantees.</b> The numbers of a key come to the heap when an operation begins. The arrays that this engine
 * makes are wiped when the operation ends, also when it fails. No message of an exception contains a number, and no
 * exception has one of BouncyCastle as its cause.
 *
 * <ul>
 *   <li>RSA works on blinded input, without d. Each result is checked with the public exponent before it leaves,
 *       because one that was computed with a fault gives the key away.
 *   <li>ECDSA takes its nonces from the key and the digest (RFC 6979). So no weak source of random numbers can give
 *       the key away.
 *   <li>A point of another side is checked to be on the curve. A shared secret of zeros is refused.
 * </ul>
 *
 * <p><b>Limits.</b> BouncyCastle copies the key to objects that nobody can wipe: RSA and ECDSA to the {@code int[]} of
 * {@code BigInteger}, the other curves to arrays of numbers, all of them their hashes and intermediate results. Such
 * copies stay on the heap until the garbage collector has used their memory again. Powers of {@code BigInteger} take a
 * time that depends on the numbers; blinding hides what that tells. A fault of the processor during ECDSA or EdDSA is
 * not noticed.
 *
 * <p>Source: RFC 8017, FIPS 186-5, RFC 6979, RFC 8032, RFC 7748, SP 800-56A.
 */
public final class BouncyCastlePrivateKeyEngine implements PrivateKeyEngine {

    private final BouncyCastleRsa rsa = new BouncyCastleRsa();

    /** Makes an engine. */
    public BouncyCastlePrivateKeyEngine() {}

    @Override
    public byte[] sign(SecretView numbers, KeyShape shape, SignatureScheme scheme, byte[] input)
            throws GeneralSecurityException {
        EngineChecks.requireSigning(numbers, shape, scheme, input);
        byte[] signature;
        if (shape instanceof KeyShape.Rsa key && scheme instanceof SignatureScheme.Pkcs1 pkcs1) {
            signature = rsa.sign(numbers, key, pkcs1, input);
        } else if (shape instanceof KeyShape.Rsa key && scheme instanceof SignatureScheme.Pss pss) {
            signature = rsa.sign(numbers, key, pss, input);
        } else if (shape instanceof KeyShape.Ec key && scheme instanceof SignatureScheme.Ecdsa ecdsa) {
            signature = BouncyCastleEc.sign(numbers, key.curve(), ecdsa.digest(), input);
        } else {
            signature = BouncyCastleRaw.sign(numbers, ((KeyShape.Raw) shape).kind(), input);
        }
        requireIntact(numbers);
        return signature;
    }

    @Override
    public byte[] publicKey(SecretView numbers, KeyShape shape) throws GeneralSecurityException {
        EngineChecks.requirePublicKey(numbers, shape);
        byte[] publicKey = shape instanceof KeyShape.Ec key
                ? BouncyCastleEc.publicKey(numbers, key.curve())
                : BouncyCastleRaw.publicKey(numbers, ((KeyShape.Raw) shape).kind());
        requireIntact(numbers);
        return publicKey;
    }

    @Override
    public byte[] decrypt(SecretView numbers, KeyShape.Rsa shape, RsaPadding padding, byte[] input)
            throws GeneralSecurityException {
        EngineChecks.requireDecryption(numbers, shape, padding, input);
        byte[] plaintext = rsa.decrypt(numbers, shape, padding, input);
        boolean intact = false;
        try {
            requireIntact(numbers);
            intact = true;
        } finally {
            if (!intact) {
                Arrays.fill(plaintext, (byte) 0);
            }
        }
        return plaintext;
    }

    @Override
    public <T> T agree(SecretView numbers, KeyShape shape, byte[] peer, SecretResult<T> result)
            throws GeneralSecurityException {
        EngineChecks.requireAgreement(numbers, shape, peer);
        byte[] shared = shape instanceof KeyShape.Ec key
                ? BouncyCastleEc.agree(numbers, key.curve(), peer)
                : BouncyCastleRaw.agree(numbers, ((KeyShape.Raw) shape).kind(), peer);
        try {
            return lend(numbers, shared, result);
        } finally {
            Arrays.fill(shared, (byte) 0);
        }
    }

    private static <T> T lend(SecretView numbers, byte[] shared, SecretResult<T> result) {
        if (!(numbers instanceof ComputingView computing)) {
            throw new IllegalArgumentException(
                    "the key is not a secret of this library, which makes guarded memory for its results;"
                            + " make one with a SecretFactory");
        }
        T taken = computing.compute(shared.length, (memory, at) -> {
            requireIntact(numbers);
            memory.put(at, shared);
            return result.take(memory, at, shared.length);
        });
        requireIntact(numbers);
        return taken;
    }

    /** Throws if a purge has wiped the numbers. */
    private static void requireIntact(SecretView numbers) {
        numbers.get(0);
    }
}
