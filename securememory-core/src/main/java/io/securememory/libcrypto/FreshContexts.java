package io.securememory.libcrypto;

import io.securememory.crypto.HashFunction;
import io.securememory.crypto.LibDigests;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Contexts as a library's digests begin them. They hold no address and nothing secret. */
final class FreshContexts {

    private final Map<HashFunction, byte[]> contexts = new EnumMap<>(HashFunction.class);

    /** Begins a digest in memory at an address, and returns 1 if all went well. */
    @FunctionalInterface
    interface Init {
        int at(HashFunction function, long context);
    }

    FreshContexts(LibDigests library, Init init) {
        for (HashFunction function : HashFunction.values()) {
            ByteBuffer context = ByteBuffer.allocateDirect(function.contextSize());
            if (init.at(function, library.addressOf(context)) != 1) {
                throw library.failure();
            }
            byte[] bytes = new byte[function.contextSize()];
            context.get(bytes);
            contexts.put(function, bytes);
        }
    }

    byte[] of(HashFunction function) {
        return Objects.requireNonNull(contexts.get(function));
    }
}
