package io.securememory.libcrypto;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.LibDigests;
import io.securememory.memcall.internal.JnaBinding;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls libcrypto by JNA's direct mapping. */
final class JnaLibCrypto implements LibCrypto {

    private static final int RTLD_NOW = 2;

    /** Keeps the library mapped after it is closed: threads that have used it call it when they end. */
    private static final int RTLD_NODELETE = 0x1000;

    static final int OPEN_FLAGS = RTLD_NOW | RTLD_NODELETE;

    private static final JnaBinding BINDING =
            new JnaBinding(JnaLibCrypto.class, () -> LibCryptos.NAME, Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS));

    private long chaCha20Poly1305;
    private long chaCha20;
    private @Nullable LibDigests digests;

    private JnaLibCrypto() {}

    static LibCrypto open() {
        JnaLibCrypto opened = BINDING.open(new JnaLibCrypto());
        LibCryptos.requireBegun(opened.OPENSSL_init_crypto(LibCryptos.NO_ATEXIT, 0));
        opened.chaCha20Poly1305 = opened.fetch(LibCryptos.CHACHA20_POLY1305);
        opened.chaCha20 = opened.fetch(LibCryptos.CHACHA20);
        opened.digests = LibCryptos.digests(JnaDigests::open);
        return opened;
    }

    static boolean isBound() {
        return BINDING.isBound();
    }

    private long fetch(String cipher) {
        return LibCryptos.requireFound(cipher, EVP_CIPHER_fetch(0, cipher, 0));
    }

    @Override
    public String version() {
        return OpenSSL_version(0);
    }

    @Override
    public RuntimeException failure() {
        return LibCryptos.failure();
    }

    @Override
    public int worthwhileFrom() {
        return 1792;
    }

    @Override
    public long chaCha20Poly1305() {
        return chaCha20Poly1305;
    }

    @Override
    public long chaCha20() {
        return chaCha20;
    }

    @Override
    public long newCipherContext() {
        return EVP_CIPHER_CTX_new();
    }

    @Override
    public void freeCipherContext(long context) {
        EVP_CIPHER_CTX_free(context);
    }

    @Override
    public int initCipher(long context, long cipher, long key, long iv, int encrypt) {
        return EVP_CipherInit_ex2(context, cipher, key, iv, encrypt, 0);
    }

    @Override
    public int controlCipher(long context, int command, int argument, long memory) {
        return EVP_CIPHER_CTX_ctrl(context, command, argument, memory);
    }

    @Override
    public int updateCipher(long context, long out, long outLength, long in, int inLength) {
        return EVP_CipherUpdate(context, out, outLength, in, inLength);
    }

    @Override
    public int finishCipher(long context, long out, long outLength) {
        return EVP_CipherFinal_ex(context, out, outLength);
    }

    @Override
    public @Nullable LibDigests digests() {
        return digests;
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    private native int OPENSSL_init_crypto(long options, long settings);

    private native String OpenSSL_version(int type);

    private native long EVP_CIPHER_fetch(long context, String algorithm, long properties);

    private native long EVP_CIPHER_CTX_new();

    private native void EVP_CIPHER_CTX_free(long context);

    private native int EVP_CipherInit_ex2(long context, long cipher, long key, long iv, int encrypt, long parameters);

    private native int EVP_CIPHER_CTX_ctrl(long context, int type, int argument, long pointer);

    private native int EVP_CipherUpdate(long context, long out, long outLength, long in, int inLength);

    private native int EVP_CipherFinal_ex(long context, long out, long outLength);
}
