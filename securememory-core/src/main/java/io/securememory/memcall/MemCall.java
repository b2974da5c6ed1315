package io.securememory.memcall;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The operating system's calls on memory, in whole pages.
 *
 * <p><b>Guarantees.</b> A failed call throws and changes nothing. A region that was freed, is a part where a whole is
 * asked for, or comes from another implementation is refused in software. Obtain one from {@link MemCalls}; implement it
 * to inject faults in tests, by delegation; an implementation is trusted like native code: one that frees or hands out
 * a region twice, or only pretends to protect it, breaks what is built on it.
 *
 * <p><b>Threading.</b> Safe for use by several threads; calls on one region are serialized.
 *
 * <p>Source: mmap(2), mprotect(2), mlock(2), madvise(2), memfd_secret(2), getrlimit(2),
 * getrandom(2), proc_sys_vm(5), proc_pid_maps(5).
 */
public interface MemCall {

    /**
     * Maps fresh pages of zeros with access {@link Protection#READ_WRITE}.
     *
     * @param size bytes, rounded up to whole pages
     * @return the region, which the caller frees
     * @throws IllegalArgumentException if the size is not between 1 and 1 GiB
     * @throws MemoryCallException if the operating system refuses
     */
    MemoryRegion allocate(long size);

    /**
     * Unmaps a region, which also unlocks it. Does not wipe it. A second call is refused.
     *
     * @param region a whole region
     * @throws IllegalStateException if the region was freed before
     * @throws IllegalArgumentException if the region is a part, or not of this implementation
     * @throws MemoryCallException if the operating system refuses; the region is still mapped then
     */
    void free(MemoryRegion region);

    /**
     * Unmaps regions as {@link #free} does, in less time where they lie side by side. Every one is attempted. Frees one
     * after the other, unless it is overridden.
     *
     * @param regions whole regions, each once
     * @return the regions that were not unmapped, and what {@code free} would have thrown; empty if all went well
     */
    default Map<MemoryRegion, RuntimeException> freeAll(Collection<? extends MemoryRegion> regions) {
        Map<MemoryRegion, RuntimeException> failures = new HashMap<>();
        for (MemoryRegion region : regions) {
            try {
                free(region);
            } catch (RuntimeException e) {
                failures.put(region, e);
            }
        }
        return failures;
    }

    /**
     * Sets what the pages may be used for.
     *
     * @param region a region or a part
     * @param protection the access to give
     * @throws IllegalStateException if the region was freed
     * @throws MemoryCallException if the operating system refuses; the access is what it was before
     */
    void protect(MemoryRegion region, Protection protection);

    /**
     * Keeps the pages in memory, away from swap. They must be accessible. Locks do not nest.
     *
     * @param region a region or a part
     * @throws IllegalStateException if the region was freed
     * @throws MemoryLimitException if the limit is reached
     * @throws MemoryCallException if the operating system refuses for another reason
     */
    void lock(MemoryRegion region);

    /**
     * Lets the pages be swapped again.
     *
     * @param region a region or a part
     * @throws IllegalStateException if the region was freed
     * @throws MemoryCallException if the operating system refuses
     */
    void unlock(MemoryRegion region);

    /**
     * Keeps the pages out of core dumps.
     *
     * @param region a region or a part
     * @throws IllegalStateException if the region was freed
     * @throws MemoryCallException if the operating system refuses
     */
    void excludeFromDumps(MemoryRegion region);

    /**
     * Keeps the content from child processes made by fork: they see zeros, or nothing at all on kernels before 4.14.
     *
     * @param region a region or a part
     * @throws IllegalStateException if the region was freed
     * @throws MemoryCallException if the operating system refuses
     */
    void excludeFromFork(MemoryRegion region);

    /**
     * Replaces pages by zeroed ones that only this process can read, not even the kernel on another's behalf
     * (memfd_secret(2)): they are locked, out of dumps, and unreadable through ptrace and {@code /proc/PID/mem}. Any such
     * mapping keeps the machine from hibernating.
     *
     * @param region a region or a part
     * @throws IllegalStateException if the region was freed
     * @throws MemoryLimitException if the limit is reached
     * @throws MemoryCallException if the operating system has no such pages or refuses; the pages are what they were
     */
    void hideFromKernel(MemoryRegion region);

    /**
     * Fills pages with random bytes of the operating system, without a copy anywhere else.
     *
     * @param region a region or a part with access {@link Protection#READ_WRITE}
     * @param offset first byte
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if the range is not inside the region
     * @throws IllegalStateException if the region was freed
     * @throws MemoryCallException if the operating system refuses
     */
    void fillRandom(MemoryRegion region, long offset, long length);

    /**
     * Stops core dumps of the whole process by setting their soft limit to 0. The hard limit stays, so that the process
     * may allow them again.
     *
     * @throws MemoryCallException if the operating system refuses
     */
    void disableCoreDumps();

    /**
     * Returns the page size of this machine.
     *
     * @return bytes, a power of two
     */
    int pageSize();

    /**
     * Returns how much memory may be locked, read anew from the operating system.
     *
     * @return the limit
     * @throws MemoryCallException if the operating system refuses
     */
    MemoryLockLimit lockLimit();

    /**
     * Returns how many mappings the process may have, read anew from the operating system. One that has as many can
     * neither start a thread nor let its heap grow.
     *
     * @return number of mappings, or -1 if there is no limit or it is not known, which is what this does unless it is
     *     overridden
     */
    default long mappingLimit() {
        return -1;
    }

    /**
     * Counts the mappings that the process has now. Takes a microsecond for each of them.
     *
     * @return number of mappings, or -1 if it is not known, which is what this does unless it is overridden
     */
    default long mappings() {
        return -1;
    }

    /**
     * Returns the way native code is called.
     *
     * @return {@code ffm} or {@code jna}
     */
    String name();
}
