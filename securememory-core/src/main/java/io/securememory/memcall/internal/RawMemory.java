package io.securememory.memcall.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Native bytes without any check of access: reading a protected page ends the process.
 *
 * <p>Every region of this library's own {@code MemCall} is one. Callers hold the lease that makes the access legal.
 */
public interface RawMemory {

    /**
     * Returns all bytes as one direct buffer, in native order. It is never handed to user code.
     *
     * @return a new buffer over the region
     */
    ByteBuffer newBuffer();

    /**
     * Opens a buffer over some bytes that dies with its scope, if this Java has such a thing.
     *
     * @param offset first byte
     * @param length number of bytes
     * @return the scope, or null before Java 22
     */
    @Nullable
    ScopedBuffer openScopedBuffer(int offset, int length);

    /** A direct, read-only buffer that throws once it is closed. Confined to the thread that opened it. */
    interface ScopedBuffer extends AutoCloseable {

        /**
         * Returns the buffer.
         *
         * @return always the same buffer
         */
        ByteBuffer buffer();

        @Override
        void close();
    }
}
