package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One way to reach native memory by its address. The same for all operating systems. */
interface NativeMemory {

    /** A direct buffer over memory that nothing else owns. */
    ByteBuffer buffer(long address, int length);

    /** A direct buffer that becomes invalid when its scope is closed, or null if this Java has no such buffers. */
    @Nullable
    ScopedBuffer scopedBuffer(long address, int length);

    /** {@code ffm} or {@code jna}. */
    String name();
}
