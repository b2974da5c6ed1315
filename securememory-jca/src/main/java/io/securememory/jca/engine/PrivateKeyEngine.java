package io.securememory.jca.engine;

import io.securememory.SecretView;
import java.security.GeneralSecurityException;

/**
 * Computes with private keys. Each call gets the key anew and keeps nothing of it.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 *
 * <p>All methods throw {@link io.securememory.SecretClosedException} if a purge wiped the key while they computed, and
 * {@link io.securememory.MemoryLimitException} if a limit leaves no memory to compute in.
 */
public interface PrivateKeyEngine {

    /**
     * Signs.
     *
     * @param numbers the secret numbers of the key
     * @param shape their layout
     * @param scheme how to sign; one that fits the key
     * @param input digest or message, see the scheme; it is not changed
     * @return the signature
     * @throws GeneralSecurityException if the key cannot sign this, for example because it is too short for the digest
     */
    byte[] sign(SecretView numbers, KeyShape shape, SignatureScheme scheme, byte[] input)
            throws GeneralSecurityException;

    /**
     * Computes the public key.
     *
     * @param numbers the secret numbers of the key
     * @param shape their layout; not of RSA, whose public numbers are there already
     * @return a point, uncompressed (SEC 1 section 2.3.3), or the bytes of the public key (RFC 7748, RFC 8032)
     * @throws GeneralSecurityException if the numbers are no key
     */
    byte[] publicKey(SecretView numbers, KeyShape shape) throws GeneralSecurityException;

    /**
     * Decrypts with RSA.
     *
     * @param numbers the secret numbers of the key
     * @param shape their layout
     * @param padding what is removed
     * @param input the ciphertext, as long as the modulus
     * @return the plaintext, which the caller wipes
     * @throws GeneralSecurityException if the ciphertext does not fit the key and the padding; the message does not say
     *     in which way
     */
    byte[] decrypt(SecretView numbers, KeyShape.Rsa shape, RsaPadding padding, byte[] input)
            throws GeneralSecurityException;

    /**
     * Agrees on a secret by Diffie-Hellman.
     *
     * @param numbers the secret numbers of the key
     * @param shape their layout
     * @param peer the other side's public key, as {@link #publicKey} returns it
     * @param result takes the shared secret, in locked memory that is wiped afterwards
     * @param <T> what the result makes of it
     * @return what the result returned
     * @throws GeneralSecurityException if the public key is not valid
     */
    <T> T agree(SecretView numbers, KeyShape shape, byte[] peer, SecretResult<T> result)
            throws GeneralSecurityException;
}
