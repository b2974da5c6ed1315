package io.securememory.jca.engine;

import io.securememory.SecretView;
import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.nio.ByteBuffer;
import java.security.ProviderException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Computes HMAC from two digests by libcrypto, which takes half as long as its own HMAC. The padded keys are in locked
 * memory. The state of the digests, which signs as well as the key, is in a context that is freed, which wipes it.
 *
 * <p>At the end, the same code digests zeros, over the same registers and the same part of the stack.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/EVP_DigestInit/">EVP_DigestInit(3)</a>
 */
final class LibcryptoHmac {

    private static final int INNER = 0x36363636;
    private static final int OUTER = 0x5c5c5c5c;

    private static final int LONGEST_BLOCK = 128;
    private static final int LONGEST_DIGEST = 64;

    /** The layout of the room: a padded key, the digest of a long key, the inner digest, and a piece of the message. */
    private static final int BLOCK = 0;

    private static final int HASHED_KEY = BLOCK + LONGEST_BLOCK;
    private static final int DIGEST = HASHED_KEY + LONGEST_DIGEST;
    private static final int PIECE = DIGEST + LONGEST_DIGEST;

    private static final int LARGEST_PIECE = 3 * 1024;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(LONGEST_BLOCK);

    /** Not final, so that the compiler does not copy a key with vector registers, where it would stay. */
    private static int step = Integer.BYTES;

    private final KeyLibrary library;
    private final long zeros;
    private final Map<Digest, Fetched> digests = new EnumMap<>(Digest.class);

    LibcryptoHmac(KeyLibrary library) {
        this.library = library;
        this.zeros = library.addressOf(ZEROS);
        for (Digest digest : Digest.values()) {
            digests.put(digest, new Fetched(library, KeyFunction.EVP_MD_fetch, digest.shortName()));
        }
    }

    byte[] compute(Digest digest, SecretView key, byte[] message, int length) {
        long handle = handle(digest);
        byte[] result = Window.runShallow(library, key, PIECE + Math.min(length, LARGEST_PIECE), (window, frame) -> {
            long context = library.call(KeyFunction.EVP_MD_CTX_new, 0);
            try {
                require(context != 0);
                return new Run(window, context, handle, digest).compute(key.length(), message, length);
            } finally {
                library.call(KeyFunction.EVP_MD_CTX_free, context);
            }
        });
        if (result == null) {
            throw new IllegalStateException("no result");
        }
        return result;
    }

    private long handle(Digest digest) {
        Fetched fetched = digests.get(digest);
        if (fetched == null) {
            throw new IllegalArgumentException("no digest " + digest);
        }
        return fetched.handle();
    }

    private void require(boolean done) {
        if (!done) {
            library.call(KeyFunction.ERR_clear_error, 0);
            throw new ProviderException(library.version() + " cannot compute an HMAC; is there no memory?");
        }
    }

    /** One computation. */
    private final class Run {

        private final Window window;
        private final long context;
        private final long handle;
        private final Digest digest;

        Run(Window window, long context, long handle, Digest digest) {
            this.window = window;
            this.context = context;
            this.handle = handle;
            this.digest = digest;
        }

        byte[] compute(int keyLength, byte[] message, int length) {
            boolean hashed = keyLength > digest.blockSize();
            if (hashed) {
                begin();
                update(window.key(0), keyLength);
                finish(HASHED_KEY);
            }
            int key = window.indexOfRoom(hashed ? HASHED_KEY : -keyLength);
            int size = hashed ? digest.size() : keyLength;
            begin();
            pad(key, size, INNER);
            for (int i = 0; i < length; i += LARGEST_PIECE) {
                int part = Math.min(LARGEST_PIECE, length - i);
                window.write(PIECE, message, i, part);
                update(window.room(PIECE), part);
            }
            finish(DIGEST);
            begin();
            pad(key, size, OUTER);
            update(window.room(DIGEST), digest.size());
            finish(DIGEST);
            byte[] result = window.copy(DIGEST, digest.size());
            begin();
            update(zeros, digest.blockSize());
            finish(BLOCK);
            return result;
        }

        private void pad(int key, int size, int mask) {
            ByteBuffer memory = window.memory();
            int block = window.indexOfRoom(BLOCK);
            int words = size & -Integer.BYTES;
            int stride = step;
            for (int i = 0; i < words; i += stride) {
                memory.putInt(block + i, memory.getInt(key + i) ^ mask);
            }
            for (int i = words; i < digest.blockSize(); i++) {
                memory.put(block + i, (byte) ((i < size ? memory.get(key + i) : 0) ^ mask));
            }
            update(window.room(BLOCK), digest.blockSize());
        }

        private void begin() {
            require((int) library.call(KeyFunction.EVP_DigestInit_ex2, context, handle, 0) == 1);
        }

        private void update(long bytes, int length) {
            require((int) library.call(KeyFunction.EVP_DigestUpdate, context, bytes, length) == 1);
        }

        private void finish(int to) {
            require((int) library.call(KeyFunction.EVP_DigestFinal_ex, context, window.room(to), 0) == 1);
        }
    }
}
