package io.securememory.libcrypto;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.securememory.crypto.HashFunction;
import io.securememory.crypto.LibDigests;
import io.securememory.memcall.internal.JnaBinding;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls libcrypto's digests by JNA's direct mapping. Apart from the ciphers, as a library may not have them. */
final class JnaDigests implements LibDigests {

    private static final JnaBinding BINDING = new JnaBinding(
            JnaDigests.class, () -> LibCryptos.NAME, Map.of(Library.OPTION_OPEN_FLAGS, JnaLibCrypto.OPEN_FLAGS));

    private @Nullable FreshContexts fresh;

    private JnaDigests() {}

    static LibDigests open() {
        JnaDigests opened = BINDING.open(new JnaDigests());
        opened.fresh = new FreshContexts(opened, opened::init);
        return opened;
    }

    static boolean isBound() {
        return BINDING.isBound();
    }

    private int init(HashFunction function, long context) {
        return switch (function) {
            case SHA_256 -> SHA256_Init(context);
            case SHA_384 -> SHA384_Init(context);
            case SHA_512 -> SHA512_Init(context);
        };
    }

    @Override
    public byte[] freshContext(HashFunction function) {
        return Objects.requireNonNull(fresh).of(function);
    }

    @Override
    public int updateDigest(HashFunction function, long context, long data, long length) {
        return switch (function) {
            case SHA_256 -> SHA256_Update(context, data, length);
            case SHA_384 -> SHA384_Update(context, data, length);
            case SHA_512 -> SHA512_Update(context, data, length);
        };
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    @Override
    public RuntimeException failure() {
        return LibCryptos.failure();
    }

    private native int SHA256_Init(long context);

    private native int SHA256_Update(long context, long data, long length);

    private native int SHA384_Init(long context);

    private native int SHA384_Update(long context, long data, long length);

    private native int SHA512_Init(long context);

    private native int SHA512_Update(long context, long data, long length);
}
