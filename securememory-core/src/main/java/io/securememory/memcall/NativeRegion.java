package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
        private final long start;

        /** Guarded by this, as are the other two. */
        private boolean freed;

        private @Nullable LockedPages lockedPages;

        private @Nullable List<Long> outOfReports;

        private Mapping(long start) {
            this.start = start;
        }

        /** Needed on few systems, and made when first asked for. */
        LockedPages lockedPages() {
            LockedPages made = lockedPages == null ? new LockedPages() : lockedPages;
            lockedPages = made;
            return made;
        }

        /** Addresses in this mapping that are kept out of crash reports. Needed on Windows only. */
        List<Long> outOfReports() {
            List<Long> made = outOfReports == null ? new ArrayList<>(1) : outOfReports;
            outOfReports = made;
            return made;
        }

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

    private final NativeMemory memory;
    private final Mapping mapping;
    private final long address;
    private final long size;
    private final int pageSize;
    private final boolean whole;

    NativeRegion(NativeMemory memory, long address, long size, int pageSize) {
        this(memory, new Mapping(address), address, size, pageSize, true);
    }

    private NativeRegion(NativeMemory memory, Mapping mapping, long address, long size, int pageSize, boolean whole) {
        this.memory = memory;
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

    boolean isOf(NativeMemory other) {
        return memory == other;
    }

    NativeMemory memory() {
        return memory;
    }

    /** Returns the number of this region's first page within its mapping. */
    int firstPage() {
        return Math.toIntExact((address - mapping.start) / pageSize);
    }

    /** Returns the number of the page behind this region's last page within its mapping. */
    int endPage() {
        return Math.toIntExact((address - mapping.start + size) / pageSize);
    }

    /** Returns the address of a page of the mapping. */
    long addressOf(int page) {
        return mapping.start + (long) page * pageSize;
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
        return new NativeRegion(memory, mapping, address + offset, sliceSize, pageSize, false);
    }

    private void requirePages(String name, long value) {
        if (value % pageSize != 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", expected a multiple of the page size " + pageSize);
        }
    }

    @Override
    public ByteBuffer newBuffer() {
        return memory.buffer(address, Math.toIntExact(size));
    }

    @Override
    public @Nullable ScopedBuffer openScopedBuffer(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, size);
        return memory.scopedBuffer(address + offset, length);
    }

    @Override
    public String toString() {
        return "MemoryRegion[size=" + size + "]";
    }
}
