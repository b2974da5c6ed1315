package io.securememory.jca.engine;

import io.securememory.SecretView;
import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts keys under keys by libcrypto. Both are in locked memory. At the end, the same code runs with a key of zeros.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/EVP_aes_128_gcm/">EVP_aes_256_wrap(3)</a>
 */
final class LibcryptoWrapping {

    /** Bytes by which an encrypted key is longer. */
    static final int ADDED = 8;

    private static final int DECRYPT = 0;
    private static final int ENCRYPT = 1;

    /** In 64-bit words: those of the shortest key of AES. */
    private static final int SMALLEST_WORDS = 2;

    private static final int SHORTEST = 16;
    private static final int BETWEEN = 8;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(32);

    private final KeyLibrary library;
    private final RegisterCover cover;
    private final long zeros;
    private final Fetched[] ciphers;

    LibcryptoWrapping(KeyLibrary library) {
        this.library = library;
        this.cover = new RegisterCover(library);
        this.zeros = library.addressOf(ZEROS);
        this.ciphers = new Fetched[] {
            new Fetched(library, KeyFunction.EVP_CIPHER_fetch, "AES-128-WRAP"),
            new Fetched(library, KeyFunction.EVP_CIPHER_fetch, "AES-192-WRAP"),
            new Fetched(library, KeyFunction.EVP_CIPHER_fetch, "AES-256-WRAP")
        };
    }

    /**
     * Checks what is wrapped, and what wraps it.
     *
     * @throws InvalidKeyException if one of them has a length that is not allowed
     */
    static void requireLengths(int wrapping, int key) throws InvalidKeyException {
        if (wrapping != 16 && wrapping != 24 && wrapping != 32) {
            throw new InvalidKeyException(
                    "The key has " + wrapping + " bytes; a key of AES with 16, 24 or 32 is needed.");
        }
        if (key % ADDED != 0 || key < SMALLEST_WORDS * ADDED) {
            throw new InvalidKeyException("The key that is wrapped has " + key
                    + " bytes; AES key wrap takes at least 16, and multiples of 8 only.");
        }
    }

    byte[] wrap(SecretView wrapping, SecretView key) throws InvalidKeyException {
        int length = key.length();
        requireLengths(wrapping.length(), length);
        long handle = handle(wrapping.length());
        byte[] wrapped = Window.run(cover, wrapping, 2 * length + ADDED, (window, frame) -> {
            key.copyTo(0, window.memory(), window.indexOfRoom(0), length);
            boolean done = run(handle, window, frame, ENCRYPT, length, window.room(length));
            return done ? window.copy(length, length + ADDED) : null;
        });
        return required(wrapped);
    }

    <T> T unwrap(SecretView wrapping, byte[] wrapped, SecretResult<T> result) throws InvalidKeyException {
        int length = wrapped.length;
        requireLengths(wrapping.length(), length - ADDED);
        long handle = handle(wrapping.length());
        T taken = Window.run(cover, wrapping, 2 * length, (window, frame) -> {
            window.write(0, wrapped, 0, length);
            boolean done = run(handle, window, frame, DECRYPT, length, window.room(length));
            return done ? window.pass(result, length, length - ADDED) : null;
        });
        return required(taken);
    }

    private long handle(int keyLength) {
        return ciphers[(keyLength - SHORTEST) / BETWEEN].handle();
    }

    private boolean run(long handle, Window window, NativeFrame frame, int direction, int length, long target) {
        long written = frame.word(0);
        long context = library.call(KeyFunction.EVP_CIPHER_CTX_new, 0);
        boolean done = false;
        try {
            done = context != 0
                    && init(context, handle, window.key(0), direction)
                    && update(context, target, written, window.room(0), length);
            return done;
        } finally {
            if (context != 0 && init(context, 0, zeros, ENCRYPT)) {
                update(context, frame.reserve(SHORTEST + ADDED), written, zeros, SHORTEST);
            }
            library.call(KeyFunction.EVP_CIPHER_CTX_free, context);
            if (!done) { // Others in this process may use the same queue of errors.
                library.call(KeyFunction.ERR_clear_error, 0);
            }
        }
    }

    private boolean init(long context, long cipher, long key, int direction) {
        return (int) library.call(KeyFunction.EVP_CipherInit_ex2, context, cipher, key, 0, direction, 0) == 1;
    }

    private boolean update(long context, long target, long written, long source, int length) {
        return (int) library.call(KeyFunction.EVP_CipherUpdate, context, target, written, source, length, 0) > 0;
    }

    private static <T> T required(@Nullable T result) throws InvalidKeyException {
        if (result == null) {
            throw new InvalidKeyException("The key cannot be unwrapped: it was changed, or wrapped with another key.");
        }
        return result;
    }
}
