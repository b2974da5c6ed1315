package io.securememory.memcall;

/**
 * What the systems that follow POSIX number or name each in its own way. One table for each system, or for each family of
 * processors where these differ.
 *
 * <p>What they agree on is in {@link PosixMemCall}, and what only one of them has is beside its table.
 *
 * @param mapAnonymous flag of mmap for memory that is no file's
 * @param pageSizeName name of the page size, for sysconf
 * @param coreLimit resource of the size of core dumps, for getrlimit
 * @param lockLimit resource of locked memory, for getrlimit
 * @param unlimited what getrlimit says where there is no limit
 * @param random the C library's function that fills memory with random bytes; is given address, length and 0
 * @param errors the error numbers
 */
record PosixConstants(
        int mapAnonymous,
        int pageSizeName,
        int coreLimit,
        int lockLimit,
        long unlimited,
        String random,
        ErrorNumbers errors) {}
