package io.securememory.memcall;

/**
 * Constants and names that differ between POSIX systems. There is one table for each system, or for each family of
 * processors if these differ.
 *
 * <p>Constants that are the same on all systems are in {@link PosixMemCall}. Constants that only one system has are
 * beside its table.
 *
 * @param mapAnonymous flags of mmap for private memory that belongs to no file, besides MAP_PRIVATE
 * @param pageSizeName number that sysconf uses for the page size
 * @param coreLimit number that getrlimit uses for the size of core dumps
 * @param lockLimit number that getrlimit uses for locked memory
 * @param unlimited value that getrlimit returns if there is no limit
 * @param random the C library's function that fills memory with random bytes
 * @param errors the error numbers
 */
record PosixConstants(
        int mapAnonymous,
        int pageSizeName,
        int coreLimit,
        int lockLimit,
        long unlimited,
        RandomFunction random,
        ErrorNumbers errors) {}
