package io.securememory.memcall;

import io.securememory.MemoryCallException;
import java.util.Objects;

/**
 * The part of {@link MemCall} that is the same on every operating system: what is checked before a call, and that no
 * call can reach pages that were freed.
 */
abstract class NativeMemCall implements MemCall {

    private static final long MAX_SIZE = 1L << 30;

    private final NativeMemory memory;
    private final int pageSize;

    NativeMemCall(NativeMemory memory, int pageSize) {
        if (Integer.bitCount(pageSize) != 1) {
            throw new IllegalStateException("the page size is " + pageSize + ", which is not a power of two");
        }
        this.memory = memory;
        this.pageSize = pageSize;
    }

    /**
     * Maps pages for reading and writing.
     *
     * @param size bytes, whole pages
     * @return their address
     */
    abstract long map(long size);

    /** Unmaps a whole region. Like all methods below, it is called with the mapping's monitor, for pages that are mapped. */
    abstract void unmapPages(NativeRegion pages);

    abstract void protectPages(NativeRegion pages, Protection protection);

    abstract void lockPages(NativeRegion pages);

    abstract void unlockPages(NativeRegion pages);

    abstract void keepOutOfDumps(NativeRegion pages);

    abstract void keepOutOfForks(NativeRegion pages);

    /**
     * Fills memory with random bytes.
     *
     * @return number of bytes filled, perhaps fewer than asked for, perhaps none
     */
    abstract long random(long address, long length);

    @Override
    public final MemoryRegion allocate(long size) {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("size is " + size + ", expected 1 to " + MAX_SIZE + " bytes");
        }
        long rounded = (size + pageSize - 1) / pageSize * pageSize;
        return new NativeRegion(memory, map(rounded), rounded, pageSize);
    }

    @Override
    public final void free(MemoryRegion region) {
        NativeRegion whole = ownWhole(region);
        synchronized (whole.mapping()) {
            whole.requireMapped();
            unmapPages(whole);
            whole.mapping().markFreed();
        }
    }

    @Override
    public final void protect(MemoryRegion region, Protection protection) {
        Objects.requireNonNull(protection, "protection");
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
            protectPages(pages, protection);
        }
    }

    @Override
    public final void lock(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
            lockPages(pages);
        }
    }

    @Override
    public final void unlock(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
            unlockPages(pages);
        }
    }

    @Override
    public final void excludeFromDumps(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
            keepOutOfDumps(pages);
        }
    }

    @Override
    public final void excludeFromFork(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
            keepOutOfForks(pages);
        }
    }

    @Override
    public void hideFromKernel(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
        }
        throw new MemoryCallException(
                "memfd_secret", 0, "no such call", "Only Linux has memory that the kernel cannot read.");
    }

    @Override
    public final void fillRandom(MemoryRegion region, long offset, long length) {
        NativeRegion pages = own(region);
        Objects.checkFromIndexSize(offset, length, pages.size());
        synchronized (pages.mapping()) {
            pages.requireMapped();
            long done = 0;
            while (done < length) {
                done += random(pages.address() + offset + done, length - done);
            }
        }
    }

    @Override
    public final int pageSize() {
        return pageSize;
    }

    @Override
    public final String name() {
        return memory.name();
    }

    final NativeRegion ownWhole(MemoryRegion region) {
        NativeRegion pages = own(region);
        if (!pages.isWhole()) {
            throw new IllegalArgumentException("a part of a region cannot be freed, only the whole");
        }
        return pages;
    }

    /** Refuses what another MemCall allocated. */
    final NativeRegion own(MemoryRegion region) {
        Objects.requireNonNull(region, "region");
        if (region instanceof NativeRegion pages && pages.isOf(memory)) {
            return pages;
        }
        throw new IllegalArgumentException("the region was not allocated by this MemCall");
    }
}
