package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Address and size of mapped pages.
 *
 * <p>A part shares the mapping object of its whole region. Native calls hold the monitor of that object, so that no
 * call can reach an address after it was unmapped and perhaps mapped again for another use.
 */
final class NativeRegion implements MemoryRegion, RawMemory {

    /** One mapping; its monitor serializes the calls on it. */
    static final class Mapping {
        /** Guarded by this. */
        private boolean freed;

        boolean isFreed() {
            return freed;
        }

        void markFreed() {
            freed = true;
        }

        void markMapped() {
            freed = false;
        }
    }

    private final LibC libC;
    private final Mapping mapping;
    private final long address;
    private final long size;
    private final int pageSize;
    private final boolean whole;

    NativeRegion(LibC libC, long address, long size, int pageSize) {
        this(libC, new Mapping(), address, size, pageSize, true);
    }

    private NativeRegion(LibC libC, Mapping mapping, long address, long size, int pageSize, boolean whole) {
        this.libC = libC;
        this.mapping = mapping;
        this.address = address;
        this.size = size;
        this.pageSize = pageSize;
        this.whole = whole;
    }

    Mapping mapping() {
        return mapping;
    }

    long address() {
        return address;
    }

    boolean isWhole() {
        return whole;
    }

    /** Refuses pages that were unmapped. The caller holds the mapping's monitor. */
    void requireMapped() {
        if (mapping.isFreed()) {
            throw new IllegalStateException("the region was freed");
        }
    }

    boolean isOf(LibC other) {
        return libC == other;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public MemoryRegion slice(long offset, long sliceSize) {
        requirePages("offset", offset);
        requirePages("size", sliceSize);
        if (sliceSize == 0) {
            throw new IllegalArgumentException("size is 0, expected at least one page of " + pageSize + " bytes");
        }
        Objects.checkFromIndexSize(offset, sliceSize, size);
        return new NativeRegion(libC, mapping, address + offset, sliceSize, pageSize, false);
    }

    private void requirePages(String name, long value) {
        if (value % pageSize != 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", expected a multiple of the page size " + pageSize);
        }
    }

    @Override
    public ByteBuffer newBuffer() {
        return libC.buffer(address, Math.toIntExact(size));
    }

    @Override
    public @Nullable ScopedBuffer openScopedBuffer(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, size);
        return libC.scopedBuffer(address + offset, length);
    }

    @Override
    public String toString() {
        return "MemoryRegion[size=" + size + "]";
    }
}
