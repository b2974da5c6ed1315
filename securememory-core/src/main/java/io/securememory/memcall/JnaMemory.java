package io.securememory.memcall;

import com.sun.jna.Pointer;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Native memory through JNA. */
abstract class JnaMemory implements NativeMemory {

    @Override
    public final ByteBuffer buffer(long address, int length) {
        return new Pointer(address).getByteBuffer(0, length);
    }

    @Override
    public final @Nullable ScopedBuffer scopedBuffer(long address, int length) {
        return null;
    }

    @Override
    public final String name() {
        return "jna";
    }
}
