package io.securememory.jca.engine;

import io.securememory.SecretView;
import java.security.InvalidKeyException;
import javax.crypto.AEADBadTagException;

/**
 * Computes with keys of symmetric algorithms. Each call gets the key anew and keeps nothing of it.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 *
 * <p>All methods throw {@link io.securememory.SecretClosedException} if a purge wiped the key while they computed,
 * {@link io.securememory.MemoryLimitException} if a limit leaves no memory to compute in, {@link
 * IllegalArgumentException} if the key is not a secret of this library, and {@link java.security.ProviderException} if
 * the library that computes does not have the algorithm. They leave no result behind then.
 */
public interface SecretKeyEngine {

    /**
     * Encrypts.
     *
     * @param cipher the cipher
     * @param key a key of the cipher's length
     * @param message plaintext, nonce and associated data; the caller never uses a nonce twice
     * @return the room that was asked for, ciphertext and tag
     * @throws IllegalStateException if the key has another length
     */
    byte[] encrypt(AeadCipher cipher, SecretView key, AeadMessage message);

    /**
     * Decrypts.
     *
     * @param cipher the cipher
     * @param key a key of the cipher's length
     * @param message ciphertext with its tag, nonce and associated data
     * @return the plaintext, which the caller wipes
     * @throws AEADBadTagException if the tag is wrong; nothing of the plaintext is left then
     * @throws IllegalStateException if the key has another length
     */
    byte[] decrypt(AeadCipher cipher, SecretView key, AeadMessage message) throws AEADBadTagException;

    /**
     * Computes an HMAC. Source: RFC 2104.
     *
     * @param digest the digest
     * @param key a key of any length
     * @param message holds the message
     * @param length how many bytes of it are the message
     * @return a new array, as long as a digest
     */
    byte[] hmac(Digest digest, SecretView key, byte[] message, int length);

    /**
     * Derives a secret from another one that is hard to guess. Source: RFC 5869.
     *
     * @param derivation what to derive
     * @param key the secret to derive from
     * @param result takes the secret, in locked memory that is wiped afterwards
     * @param <T> what the result makes of it
     * @return what the result returned
     */
    <T> T hkdf(Hkdf derivation, SecretView key, SecretResult<T> result);

    /**
     * Derives a secret from a password. Source: RFC 8018 section 5.2.
     *
     * @param derivation what to derive
     * @param password the password
     * @param result takes the secret, in locked memory that is wiped afterwards
     * @param <T> what the result makes of it
     * @return what the result returned
     */
    <T> T pbkdf2(Pbkdf2 derivation, SecretView password, SecretResult<T> result);

    /**
     * Encrypts a key under another one. Source: RFC 3394.
     *
     * @param wrapping a key of AES
     * @param key the key to encrypt, of at least 16 bytes, a multiple of 8
     * @return the encrypted key, eight bytes longer
     * @throws InvalidKeyException if one of them has another length
     */
    byte[] wrap(SecretView wrapping, SecretView key) throws InvalidKeyException;

    /**
     * Decrypts what {@link #wrap} returns.
     *
     * @param wrapping the key that it is encrypted under
     * @param wrapped the encrypted key
     * @param result takes the key, in locked memory that is wiped afterwards
     * @param <T> what the result makes of it
     * @return what the result returned
     * @throws InvalidKeyException if it was changed, or was encrypted under another key
     */
    <T> T unwrap(SecretView wrapping, byte[] wrapped, SecretResult<T> result) throws InvalidKeyException;
}
