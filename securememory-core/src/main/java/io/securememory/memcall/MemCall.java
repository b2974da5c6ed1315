package io.securememory.memcall;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The operating system's memory calls, which work on whole pages.
 *
 * <p><b>Guarantees.</b> A failed call throws and changes nothing. A region is refused without a system call if it was
 * freed, if it is a part and the whole is required, or if it comes from another implementation.
 *
 * <p><b>Implementations.</b> {@link MemCalls} returns the implementation of this machine. Tests may implement this
 * interface to inject faults, by delegation to it. An implementation is trusted like native code: if it frees or
 * returns a region twice, or only pretends to protect it, everything that is built on it breaks.
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
     * Unmaps regions as {@link #free} does, but faster if regions are adjacent. Every region is attempted. The default
     * implementation frees the regions one by one.
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
     * Tells whether {@link #excludeFromDumps} has an effect. Some operating systems cannot keep single pages out of core
     * dumps, for example macOS. The default implementation returns true.
     *
     * @return if false, {@code excludeFromDumps} does nothing
     */
    default boolean excludesFromDumps() {
        return true;
    }

    /**
     * Keeps the pages out of core dumps, where the operating system can do that, see {@link #excludesFromDumps}.
     *
     * @param region a region or a part
     * @throws IllegalStateException if the region was freed
     * @throws MemoryCallException if the operating system refuses
     */
    void excludeFromDumps(MemoryRegion region);

    /**
     * Keeps the content from child processes made by fork: they see zeros, or nothing at all where the operating system
     * offers or permits only that, as Linux before 4.14.
     *
     * @param region a region or a part
     * @throws IllegalStateException if the region was freed
     * @throws MemoryCallException if the operating system refuses
     */
    void excludeFromFork(MemoryRegion region);

    /**
     * Replaces pages by zeroed pages that only this process can read; not even the kernel can read them for another
     * process (memfd_secret(2)). They are locked, kept out of dumps, and cannot be read through ptrace or
     * {@code /proc/PID/mem}. While such a mapping exists, the machine cannot hibernate.
     *
     * @param region a region or a part
     * @throws IllegalStateException if the region was freed
     * @throws MemoryLimitException if the limit is reached
     * @throws MemoryCallException if the operating system has no such pages or refuses; the pages are unchanged
     */
    void hideFromKernel(MemoryRegion region);

    /**
     * Fills pages with random bytes of the operating system, without a copy anywhere else.
     *
     * @param region a region or a part with access {@link Protection#READ_WRITE}. With another access, the call fails on
     *     Linux, and may end the process on other systems.
     * @param offset first byte
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if the range is not inside the region
     * @throws IllegalStateException if the region was freed
     * @throws MemoryCallException if the operating system refuses
     */
    void fillRandom(MemoryRegion region, long offset, long length);

    /**
     * Stops core dumps of the whole process by setting their soft limit: to 1 on Linux, which is valid for files and for
     * crash handlers that the kernel starts (a pipe in {@code core_pattern}), or to the hard limit if that is 0; to 0 on
     * other systems. The hard limit stays, so that the process may allow core dumps again.
     *
     * <p>Linux applies no limit to a dump that it sends to a socket (an at sign in {@code core_pattern}, Linux 6.16). If
     * the hard limit is 0, a crash handler is still started.
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
     * Returns how much memory may be locked. Each call asks the operating system.
     *
     * @return the limit
     * @throws MemoryCallException if the operating system refuses
     */
    MemoryLockLimit lockLimit();

    /**
     * Returns what an operator can do to raise the limit of locked memory. The default implementation returns advice for
     * Linux.
     *
     * @return whole sentences
     */
    default String lockLimitRemedy() {
        return MemoryLimitException.remedyOnLinux();
    }

    /**
     * Tells whether locked pages stay locked while their access is {@link Protection#NO_ACCESS}. Windows takes the lock
     * away; it is set again when the pages get an access again.
     *
     * @return whether they stay locked; the default implementation returns true
     */
    default boolean locksPagesWithoutAccess() {
        return true;
    }

    /**
     * Returns how many mappings the process may have. Each call asks the operating system. A process that has reached
     * this number can neither start a thread nor let its heap grow.
     *
     * @return number of mappings, or -1 if there is no limit or it is not known; the default implementation returns -1
     */
    default long mappingLimit() {
        return -1;
    }

    /**
     * Counts the mappings that the process has now. Takes a microsecond for each of them.
     *
     * @return number of mappings, or -1 if it is not known; the default implementation returns -1
     */
    default long mappings() {
        return -1;
    }

    /**
     * Returns the way native code is called.
     *
     * @return {@code ffm} or {@code jna}, or {@code none} for ordinary memory
     */
    String name();
}
