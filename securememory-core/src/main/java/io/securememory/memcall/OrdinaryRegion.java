package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Ordinary memory outside the heap. A buffer over it stays valid after it was freed, so that no access can fail. */
final class OrdinaryRegion implements MemoryRegion, RawMemory {

    private final OrdinaryMemCall owner;
    private final ByteBuffer memory;
    private final int unit;
    private final boolean whole;
    private final AtomicBoolean freed;

    OrdinaryRegion(OrdinaryMemCall owner, ByteBuffer memory, int unit) {
        this(owner, memory, unit, true, new AtomicBoolean());
    }

    private OrdinaryRegion(OrdinaryMemCall owner, ByteBuffer memory, int unit, boolean whole, AtomicBoolean freed) {
        this.owner = owner;
        this.memory = memory;
        this.unit = unit;
        this.whole = whole;
        this.freed = freed;
    }

    boolean isOf(OrdinaryMemCall other) {
        return owner == other;
    }

    boolean isWhole() {
        return whole;
    }

    void requireNotFreed() {
        if (freed.get()) {
            throw new IllegalStateException("the region was freed");
        }
    }

    void free() {
        if (!freed.compareAndSet(false, true)) {
            throw new IllegalStateException("the region was freed");
        }
    }

    @Override
    public long size() {
        return memory.capacity();
    }

    @Override
    public MemoryRegion slice(long offset, long size) {
        if (offset % unit != 0 || size % unit != 0 || size == 0) {
            throw new IllegalArgumentException("offset is " + offset + " and size is " + size
                    + ", expected multiples of " + unit + ", and at least one of them");
        }
        Objects.checkFromIndexSize(offset, size, size());
        return new OrdinaryRegion(owner, memory.slice((int) offset, (int) size), unit, false, freed);
    }

    @Override
    public ByteBuffer newBuffer() {
        return memory.duplicate().order(ByteOrder.nativeOrder());
    }

    @Override
    public @Nullable ScopedBuffer openScopedBuffer(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, size());
        return null;
    }

    @Override
    public String toString() {
        return "MemoryRegion[size=" + size() + ", ordinary memory]";
    }
}
