package io.securememory.memcall;

/**
 * Whole pages of memory, made by {@link MemCall#allocate(long)}, or a part of them.
 *
 * <p>This is only a handle: it gives no access to the bytes, so that its use can never touch memory that is protected
 * or unmapped. Do not implement it outside this library.
 */
public interface MemoryRegion {

    /**
     * Returns the size.
     *
     * @return bytes, a multiple of the page size
     */
    long size();

    /**
     * Returns a part of this region, for calls on some of its pages. The part becomes invalid when the region is
     * freed.
     *
     * @param offset first byte, a multiple of the page size
     * @param size bytes, a multiple of the page size, at least one page
     * @return the part
     * @throws IllegalArgumentException if an argument is not a multiple of the page size
     * @throws IndexOutOfBoundsException if the part is not inside this region
     */
    MemoryRegion slice(long offset, long size);
}
