package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Native memory through the foreign function and memory API. */
@SuppressWarnings("restricted") // This class exists to reach native memory.
abstract class ForeignMemory implements NativeMemory {

    @Override
    public final ByteBuffer buffer(long address, int length) {
        return MemorySegment.ofAddress(address)
                .reinterpret(length)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public final ScopedBuffer scopedBuffer(long address, int length) {
        return new ConfinedBuffer(address, length);
    }

    @Override
    public final String name() {
        return "ffm";
    }

    /** Returns what a method handle of a native function threw, which is not expected to throw at all. */
    static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }

    static UnsupportedPlatformException denied(Throwable e) {
        return new UnsupportedPlatformException(
                "Native access is denied: allow it with --enable-native-access=ALL-UNNAMED (on the module path:"
                        + " --enable-native-access=io.securememory), or with the line Enable-Native-Access: ALL-UNNAMED"
                        + " in the manifest of the executable jar.",
                e);
    }

    /** A view over memory that becomes invalid when its confined arena is closed. The arena owns no memory. */
    private static final class ConfinedBuffer implements ScopedBuffer {
        private final Arena arena = Arena.ofConfined();
        private final ByteBuffer buffer;

        ConfinedBuffer(long address, int length) {
            buffer = MemorySegment.ofAddress(address)
                    .reinterpret(length, arena, null)
                    .asByteBuffer()
                    .asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer buffer() {
            return buffer;
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
