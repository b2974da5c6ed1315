package io.securememory.jca.engine;

import io.securememory.crypto.TracelessCopy;
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
            encrypt(context, window.room(SUBKEY), written, BLOCK); // Of zeros, as the room is at first.
            fill(window.memory(), window.indexOfRoom(0), nonce);
            encrypt(context, window.room(BLOCKS), written, 2 * BLOCK);
            TracelessCopy.copy(
                    window.memory(), window.indexOfRoom(BLOCKS), window.memory(), window.indexOfRoom(0), KEY_SIZE);
        } finally {
            library.call(KeyFunction.EVP_CIPHER_CTX_free, context);
        }
    }

    private void encrypt(long context, long at, long written, int length) {
        require((int) library.call(KeyFunction.EVP_CipherUpdate, context, at, written, at, length, 0) == 1);
    }

    private void require(boolean done) {
        if (!done) {
            library.call(KeyFunction.ERR_clear_error, 0);
            throw new ProviderException(library.version() + " cannot derive a key; is there no memory?");
        }
    }

    /** Each block is the doubled subkey, mixed with its number, the label and the nonce. */
    private static void fill(ByteBuffer memory, int at, byte[] nonce) {
        int carry = memory.get(at + SUBKEY) >> (Byte.SIZE - 1) & REDUCTION;
        for (int i = BLOCK - 1; i >= 0; i--) {
            int value = memory.get(at + SUBKEY + i) << 1 ^ carry;
            carry = (memory.get(at + SUBKEY + i) & 0xff) >>> (Byte.SIZE - 1);
            for (int number = 1; number <= 2; number++) {
                memory.put(at + BLOCKS + (number - 1) * BLOCK + i, (byte) (value ^ input(i, number, nonce)));
            }
        }
    }

    private static int input(int index, int number, byte[] nonce) {
        return switch (index) {
            case 0, 3 -> 0;
            case 1 -> number;
            case 2 -> LABEL;
            default -> nonce[index - 4];
        };
    }
}
