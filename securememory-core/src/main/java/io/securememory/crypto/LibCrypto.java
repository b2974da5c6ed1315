package io.securememory.crypto;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Functions of libcrypto, one to one. Their results are not interpreted.
 *
 * <p>Addresses are machine words. The caller owns the memory that they point to, and nothing here checks that it
 * exists. Handles are addresses, too; 0 stands for none. Functions with an int result return 1 if they succeed, unless
 * they say otherwise.
 *
 * <p><b>Threading.</b> Safe for use by several threads, if each context is used by one thread at a time.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/EVP_EncryptInit/">EVP_EncryptInit(3)</a>
 */
public interface LibCrypto {

    /** Texts shorter than this many bytes are never worth a call of the library. */
    int SHORTEST = 1024;

    /**
     * Returns the version.
     *
     * @return for example {@code OpenSSL 3.0.19 27 Jan 2026}
     */
    String version();

    /**
     * Returns from which length on the library is faster in spite of the time for its calls. Measured with ChaCha20 and
     * AEAD_CHACHA20_POLY1305, one after the other.
     *
     * @return bytes, {@link #SHORTEST} or more
     */
    int worthwhileFrom();

    /**
     * Returns the cipher that RFC 8439 calls AEAD_CHACHA20_POLY1305, as EVP_CIPHER_fetch(3) found it in the default context.
     *
     * @return always the same handle
     */
    long chaCha20Poly1305();

    /**
     * Returns plain ChaCha20, also from EVP_CIPHER_fetch(3). Its nonce begins with the number of the first block.
     *
     * @return always the same handle
     */
    long chaCha20();

    /**
     * Makes a context, as EVP_CIPHER_CTX_new(3).
     *
     * @return a handle that the caller frees, or 0
     */
    long newCipherContext();

    /**
     * Wipes and frees a context, as EVP_CIPHER_CTX_free(3).
     *
     * @param context a handle
     */
    void freeCipherContext(long context);

    /**
     * Begins, as EVP_CipherInit_ex2(3).
     *
     * @param context a handle
     * @param cipher a handle, or 0 for the one that the context has
     * @param key address of the key
     * @param iv address of the nonce
     * @param encrypt 1 to encrypt, 0 to decrypt
     * @return 1 if all went well
     */
    int initCipher(long context, long cipher, long key, long iv, int encrypt);

    /**
     * Gets or sets a parameter, as EVP_CIPHER_CTX_ctrl(3).
     *
     * @param context a handle
     * @param command number of the command
     * @param argument its number
     * @param memory address of its bytes
     * @return 1 if all went well
     */
    int controlCipher(long context, int command, int argument, long memory);

    /**
     * Goes on, as EVP_CipherUpdate(3).
     *
     * @param context a handle
     * @param out where the result goes, 0 for associated data
     * @param outLength address of an int that gets its length
     * @param in address of the input
     * @param inLength bytes of the input
     * @return 1 if all went well
     */
    int updateCipher(long context, long out, long outLength, long in, int inLength);

    /**
     * Ends, as EVP_CipherFinal_ex(3).
     *
     * @param context a handle
     * @param out where the result goes
     * @param outLength address of an int that gets its length
     * @return 1 if all went well and the tag is right
     */
    int finishCipher(long context, long out, long outLength);

    /**
     * Returns the functions that compute digests. They are deprecated, and a library can be built without them.
     *
     * @return always the same object, or null if this library has no such functions, or if they compute something else
     */
    @Nullable
    LibDigests digests();

    /**
     * Returns where the bytes of a direct buffer are.
     *
     * @param buffer a direct buffer
     * @return address of the byte at index 0
     */
    long addressOf(ByteBuffer buffer);

    /**
     * Returns the exception for a failed function. These functions fail only if there is no memory.
     *
     * @return what the caller throws
     */
    RuntimeException failure();
}
