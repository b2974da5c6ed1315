package io.securememory.jca.engine;

import io.securememory.MemoryLimitException;
import io.securememory.SecretView;
import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.nio.ByteBuffer;
import java.security.ProviderException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Encrypts and decrypts by libcrypto. The text goes through locked memory in pieces, because native code is never given
 * an address on the heap.
 *
 * <p>At the end, the same code runs with a key of zeros, over the same registers and the same part of the stack. Then
 * the context is freed, which wipes it.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/EVP_EncryptInit/">EVP_EncryptInit(3)</a>
 */
final class LibcryptoAead {

    private static final int DECRYPT = 0;
    private static final int ENCRYPT = 1;

    /** Commands of evp.h. */
    private static final int SET_NONCE_SIZE = 0x9;

    private static final int GET_TAG = 0x10;
    private static final int SET_TAG = 0x11;

    /** Fits into the nearest cache of the processor, and with a key into four pages. */
    private static final int LARGEST_PIECE = 13 * 1024;

    /** For a machine where a limit leaves no four pages. */
    private static final int SMALL_PIECE = 2 * 1024;

    /** The code for this many bytes uses all registers that the code for more uses. */
    private static final int COVERED = 1024;

    /** As long as the longest nonce. */
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(AeadCipher.LONGEST_NONCE);

    private final KeyLibrary library;
    private final long zeros;
    private final Map<AeadCipher, Fetched> ciphers = new EnumMap<>(AeadCipher.class);
    private final LibcryptoXaes xaes;

    LibcryptoAead(KeyLibrary library) {
        this.library = library;
        this.zeros = library.addressOf(ZEROS);
        this.xaes = new LibcryptoXaes(library);
        for (AeadCipher cipher : AeadCipher.values()) {
            ciphers.put(cipher, new Fetched(library, KeyFunction.EVP_CIPHER_fetch, cipher.cipher()));
        }
    }

    /**
     * Encrypts or decrypts.
     *
     * @param output gets the result; zeros if this fails
     * @return false if the tag is wrong
     */
    boolean run(AeadCipher cipher, SecretView key, AeadMessage message, boolean encrypt, byte[] output) {
        cipher.requireKeySize(key.length());
        long handle = handle(cipher);
        int longest = Math.max(message.bareLength(encrypt), message.associatedData().length);
        boolean right = false;
        try {
            right = run(cipher, handle, key, message, encrypt, output, Math.min(longest, LARGEST_PIECE));
            return right;
        } catch (MemoryLimitException e) {
            if (longest <= SMALL_PIECE) {
                throw e;
            }
            right = run(cipher, handle, key, message, encrypt, output, SMALL_PIECE);
            return right;
        } finally {
            if (!right) { // Also after a purge, which may have changed the key or the text to zeros.
                Arrays.fill(output, (byte) 0);
            }
        }
    }

    private long handle(AeadCipher cipher) {
        Fetched fetched = ciphers.get(cipher);
        if (fetched == null) {
            throw new IllegalArgumentException("no cipher " + cipher);
        }
        return fetched.handle();
    }

    @SuppressWarnings("checkstyle:ParameterNumber")
    private boolean run(
            AeadCipher cipher,
            long handle,
            SecretView key,
            AeadMessage message,
            boolean encrypt,
            byte[] output,
            int piece) {
        boolean derives = cipher == AeadCipher.XAES_256_GCM;
        int before = derives ? LibcryptoXaes.ROOM : 0;
        Boolean right = Window.runShallow(library, key, before + piece, (window, frame) -> {
            byte[] nonce = message.nonce();
            int used = 0;
            if (derives) {
                xaes.derive(window, frame, nonce);
                used = LibcryptoXaes.NONCE_USED;
            }
            long context = library.call(KeyFunction.EVP_CIPHER_CTX_new, 0);
            try {
                Run run = new Run(window, frame, context, message, encrypt, output, before, piece);
                run.begin(handle, derives ? window.room(0) : window.key(0), used);
                return run.finish();
            } finally {
                library.call(KeyFunction.EVP_CIPHER_CTX_free, context);
            }
        });
        return Boolean.TRUE.equals(right);
    }

    /** One computation. */
    private final class Run {

        private final Window window;
        private final NativeFrame frame;
        private final long context;
        private final AeadMessage message;
        private final boolean encrypt;
        private final byte[] output;
        private final int room;
        private final int pieceSize;
        private final long piece;
        private final long written;

        @SuppressWarnings("checkstyle:ParameterNumber")
        Run(
                Window window,
                NativeFrame frame,
                long context,
                AeadMessage message,
                boolean encrypt,
                byte[] output,
                int room,
                int pieceSize) {
            this.window = window;
            this.frame = frame;
            this.context = context;
            this.message = message;
            this.encrypt = encrypt;
            this.output = output;
            this.room = room;
            this.pieceSize = pieceSize;
            this.piece = window.room(room);
            this.written = frame.word(0);
            require(context != 0);
        }

        /** @param skipped bytes of the nonce that this cipher does not get */
        void begin(long cipher, long key, int skipped) {
            int size = message.nonce().length - skipped;
            long nonce = frame.put(message.nonce(), skipped, size);
            if (size != AeadCipher.AES_256_GCM.nonceSize()) {
                init(cipher, 0, 0);
                control(SET_NONCE_SIZE, size, 0);
                init(0, key, nonce); // Naming the cipher again would reset the length.
            } else {
                init(cipher, key, nonce);
            }
            for (int i = 0, length = message.associatedData().length; i < length; i += pieceSize) {
                int part = Math.min(pieceSize, length - i);
                window.write(room, message.associatedData(), i, part);
                update(0, part);
            }
        }

        private void init(long cipher, long key, long nonce) {
            require((int) library.call(
                            KeyFunction.EVP_CipherInit_ex2, context, cipher, key, nonce, encrypt ? ENCRYPT : DECRYPT, 0)
                    == 1);
        }

        private void control(int command, int size, long value) {
            require((int) library.call(KeyFunction.EVP_CIPHER_CTX_ctrl, context, command, size, value, 0, 0) == 1);
        }

        private void update(long target, int length) {
            require((int) library.call(KeyFunction.EVP_CipherUpdate, context, target, written, piece, length, 0) == 1);
        }

        /** Returns false if the tag is wrong. */
        boolean finish() {
            int length = message.bareLength(encrypt);
            int to = encrypt ? message.room() : 0;
            for (int i = 0; i < length; i += pieceSize) {
                int part = Math.min(pieceSize, length - i);
                window.write(room, message.text(), message.from() + i, part);
                update(piece, part);
                window.read(room, output, to + i, part);
            }
            boolean right = encrypt ? writeTag(to + length) : checkTag(message.from() + length);
            cover(length);
            return right;
        }

        private boolean writeTag(int to) {
            long tag = frame.reserve(AeadCipher.TAG_SIZE);
            require(isFinal());
            control(GET_TAG, AeadCipher.TAG_SIZE, tag);
            frame.get(tag, output, to, message.tagSize());
            return true;
        }

        private boolean checkTag(int from) {
            control(SET_TAG, message.tagSize(), frame.put(message.text(), from, message.tagSize()));
            boolean right = isFinal();
            if (!right) { // Others in this process may use the same queue of errors.
                library.call(KeyFunction.ERR_clear_error, 0);
            }
            return right;
        }

        private boolean isFinal() {
            return (int) library.call(KeyFunction.EVP_CipherFinal_ex, context, written, written) == 1;
        }

        /** Runs the same code with a key of zeros, over what is in the piece. */
        private void cover(int length) {
            init(0, zeros, zeros);
            if (length > 0) {
                update(piece, Math.min(COVERED, Math.min(pieceSize, length)));
            }
        }

        private void require(boolean done) {
            if (!done) {
                library.call(KeyFunction.ERR_clear_error, 0);
                throw new ProviderException(library.version() + " cannot encrypt or decrypt; is there no memory?");
            }
        }
    }
}
