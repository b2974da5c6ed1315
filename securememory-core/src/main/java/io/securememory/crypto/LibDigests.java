package io.securememory.crypto;

import java.nio.ByteBuffer;

/**
 * Functions of libcrypto that compute digests in a context that the caller owns. So nothing of a key is in memory that
 * the library allocates. Their results are not interpreted.
 *
 * <p>A context is a {@code SHA256_CTX} or {@code SHA512_CTX} of sha.h. It begins with the eight words of the state, in
 * the byte order of the processor. Addresses are machine words, and nothing here checks that their memory exists.
 *
 * <p><b>Threading.</b> Safe for use by several threads, if each context is used by one thread at a time.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/SHA256_Init/">SHA256_Init(3)</a>
 */
public interface LibDigests {

    /**
     * Returns a context as SHA256_Init(3), SHA384_Init(3) or SHA512_Init(3) begins it. It holds no address.
     *
     * @param function the hash function
     * @return always the same array, which nobody may change
     */
    byte[] freshContext(HashFunction function);

    /**
     * Adds to a message, as SHA256_Update(3), SHA384_Update(3) or SHA512_Update(3). Whole blocks are processed where
     * they are, without a copy in the context, if the message was whole blocks up to here.
     *
     * @param function the hash function
     * @param context address of the context
     * @param data address of the bytes
     * @param length how many bytes
     * @return 1 if all went well
     */
    int updateDigest(HashFunction function, long context, long data, long length);

    /**
     * Returns where the bytes of a direct buffer are.
     *
     * @param buffer a direct buffer
     * @return address of the byte at index 0
     */
    long addressOf(ByteBuffer buffer);

    /**
     * Returns the exception for a failed function.
     *
     * @return what the caller throws
     */
    RuntimeException failure();
}
