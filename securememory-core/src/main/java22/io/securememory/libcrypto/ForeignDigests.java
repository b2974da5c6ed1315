package io.securememory.libcrypto;

import io.securememory.crypto.HashFunction;
import io.securememory.crypto.LibDigests;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Calls libcrypto's digests as {@link ForeignLibCrypto} calls its ciphers. Apart from it, as a library may not have them. */
final class ForeignDigests implements LibDigests {

    private static final MemorySegment UPDATE_256 = ForeignLibCrypto.address("SHA256_Update");
    private static final MemorySegment UPDATE_384 = ForeignLibCrypto.address("SHA384_Update");
    private static final MemorySegment UPDATE_512 = ForeignLibCrypto.address("SHA512_Update");

    private final FreshContexts fresh = new FreshContexts(this, ForeignDigests::init);

    private ForeignDigests() {}

    static LibDigests open() {
        return new ForeignDigests();
    }

    private static int init(HashFunction function, long context) {
        MemorySegment init = ForeignLibCrypto.address(
                switch (function) {
                    case SHA_256 -> "SHA256_Init";
                    case SHA_384 -> "SHA384_Init";
                    case SHA_512 -> "SHA512_Init";
                });
        return (int) ForeignLibCrypto.call(init, context, 0, 0, 0, 0, 0);
    }

    @Override
    public byte[] freshContext(HashFunction function) {
        return fresh.of(function);
    }

    @Override
    public int updateDigest(HashFunction function, long context, long data, long length) {
        MemorySegment update = switch (function) {
            case SHA_256 -> UPDATE_256;
            case SHA_384 -> UPDATE_384;
            case SHA_512 -> UPDATE_512;
        };
        return (int) ForeignLibCrypto.call(update, context, data, length, 0, 0, 0);
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        return ForeignLibCrypto.addressOfBytes(buffer);
    }

    @Override
    public RuntimeException failure() {
        return LibCryptos.failure();
    }
}
