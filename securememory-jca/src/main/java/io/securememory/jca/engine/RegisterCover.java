package io.securememory.jca.engine;

import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.nio.ByteBuffer;
import java.security.ProviderException;

/**
 * Overwrites what an operation with a key has left in the registers of the processor. Code that copies or multiplies
 * numbers leaves parts of them in vector registers, and the JVM saves all registers on the stack when it stops the
 * thread later.
 *
 * <p>Encrypts zeros with a key of zeros: for a kilobyte, libcrypto has code for ChaCha20 that uses all vector registers.
 * Where its configuration leaves ChaCha20 out, AES is used, whose code may leave some registers as they are.
 */
final class RegisterCover {

    private static final int LENGTH = 1024;
    private static final int KEY_AND_NONCE = 32 + 16;
    private static final int ENCRYPT = 1;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(KEY_AND_NONCE);

    private final KeyLibrary library;
    private final Fetched chaCha20;
    private final Fetched aes;
    private final long zeros;

    RegisterCover(KeyLibrary library) {
        this.library = library;
        this.chaCha20 = new Fetched(library, KeyFunction.EVP_CIPHER_fetch, "ChaCha20");
        this.aes = new Fetched(library, KeyFunction.EVP_CIPHER_fetch, "AES-256-CTR");
        this.zeros = library.addressOf(ZEROS);
    }

    KeyLibrary library() {
        return library;
    }

    /**
     * Overwrites the registers.
     *
     * @param frame memory for the text
     * @throws ProviderException if the library has no memory, or neither cipher
     */
    void run(NativeFrame frame) {
        long text = frame.reserve(LENGTH);
        long length = frame.word(0);
        long context = library.call(KeyFunction.EVP_CIPHER_CTX_new, 0);
        try {
            boolean done = context != 0
                    && (int) library.call(KeyFunction.EVP_CipherInit_ex2, context, cipher(), zeros, zeros, ENCRYPT, 0)
                            == 1
                    && (int) library.call(KeyFunction.EVP_CipherUpdate, context, text, length, text, LENGTH, 0) == 1;
            if (!done) {
                throw new ProviderException("libcrypto could not encrypt: is there no memory?");
            }
        } finally {
            library.call(KeyFunction.EVP_CIPHER_CTX_free, context);
        }
    }

    private long cipher() {
        try {
            return chaCha20.handle();
        } catch (ProviderException e) {
            return aes.handle();
        }
    }
}
