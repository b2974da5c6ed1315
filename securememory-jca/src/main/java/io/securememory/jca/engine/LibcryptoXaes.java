package io.securememory.jca.engine;

import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.nio.ByteBuffer;
import java.security.ProviderException;

/**
 * Derives the keys of XAES-256-GCM in locked memory: a KDF in counter mode of CMAC over the first half of the nonce.
 *
 * @see <a href="https://github.com/C2SP/C2SP/blob/main/XAES-256-GCM.md">The specification</a>
 */
final class LibcryptoXaes {

    /** Bytes of the nonce that go into the key. The rest is the nonce of AES-GCM. */
    static final int NONCE_USED = 12;

    private static final int KEY_SIZE = 32;
    private static final int BLOCK = 16;

    /** Where the two blocks of input are, behind the derived key. */
    private static final int BLOCKS = KEY_SIZE;

    /** Where the subkey of CMAC is. */
    private static final int SUBKEY = BLOCKS + 2 * BLOCK;

    /** Bytes that this needs in the room of a window. At their begin is the key that was derived. */
    static final int ROOM = SUBKEY + BLOCK;

    private static final int ENCRYPT = 1;

    /** What is added if the doubling of a block overflows. Source: NIST SP 800-38B. */
    private static final int REDUCTION = 0x87;

    private static final byte LABEL = 'X';

    private final KeyLibrary library;
    private final Fetched blocks;

    LibcryptoXaes(KeyLibrary library) {
        this.library = library;
        this.blocks = new Fetched(library, KeyFunction.EVP_CIPHER_fetch, "AES-256-ECB");
    }

    /** Derives a key from that of the window, and leaves it at the begin of the room. */
    void derive(Window window, NativeFrame frame, byte[] nonce) {
        long handle = blocks.handle();
        long context = library.call(KeyFunction.EVP_CIPHER_CTX_new, 0);
        long written = frame.word(0);
        try {
            require((int) library.call(KeyFunction.EVP_CipherInit_ex2, context, handle, window.key(0), 0, ENCRYPT, 0)
                    == 1);
            long zeros = window.room(BLOCKS); // As the room is at first.
            encrypt(context, window.room(SUBKEY), written, zeros, BLOCK);
            fill(window.memory(), window.indexOfRoom(0), nonce);
            encrypt(context, window.room(0), written, window.room(BLOCKS), KEY_SIZE);
        } finally {
            library.call(KeyFunction.EVP_CIPHER_CTX_free, context);
        }
    }

    private void encrypt(long context, long target, long written, long source, int length) {
        require((int) library.call(KeyFunction.EVP_CipherUpdate, context, target, written, source, length, 0) == 1);
    }

    private void require(boolean done) {
        if (!done) {
            library.call(KeyFunction.ERR_clear_error, 0);
            throw new ProviderException(library.version() + " cannot derive a key; is there no memory?");
        }
    }

    /**
     * Each block is the doubled subkey, mixed with its number, the label and the nonce. Word by word, so that no more than
     * four bytes of the subkey are in a register.
     */
    private static void fill(ByteBuffer memory, int at, byte[] nonce) {
        ByteBuffer input = ByteBuffer.wrap(nonce);
        int overflow = memory.get(at + SUBKEY) >> (Byte.SIZE - 1) & REDUCTION;
        for (int i = BLOCK - Integer.BYTES; i >= 0; i -= Integer.BYTES) {
            int word = Integer.reverseBytes(memory.getInt(at + SUBKEY + i));
            int next = i == BLOCK - Integer.BYTES ? 0 : memory.get(at + SUBKEY + i + Integer.BYTES) >> (Byte.SIZE - 1);
            int doubled = word << 1 | (next & 1);
            if (i == BLOCK - Integer.BYTES) {
                doubled ^= overflow;
            }
            for (int number = 1; number <= 2; number++) {
                int mixed =
                        i == 0 ? (number << (2 * Byte.SIZE)) | (LABEL << Byte.SIZE) : input.getInt(i - Integer.BYTES);
                memory.putInt(at + BLOCKS + (number - 1) * BLOCK + i, Integer.reverseBytes(doubled ^ mixed));
            }
        }
    }
}
