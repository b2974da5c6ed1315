package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/**
 * What macOS and the BSDs have beside the constants of every POSIX system. Each is the same on all processors of a
 * system.
 *
 * <p>Sources: Apple's sys/mman.h, mach/vm_inherit.h, sys/resource.h, sys/errno.h, unistd.h, and mlock(2), minherit(2);
 * the same headers and manual pages of FreeBSD, OpenBSD and NetBSD.
 *
 * @param constants the numbers that every POSIX system has
 * @param dumps how pages are kept out of core dumps
 * @param inheritNothing number that minherit uses for pages that a child process gets empty, or not at all
 * @param overLimit the error of mlock if the limit would be exceeded; it may have other reasons, too
 * @param locksNest whether pages must be unlocked as often as they were locked
 * @param lockLimitSetting name of a kernel setting that also limits the bytes that a process may lock, or null
 * @param advice for operators
 */
record BsdSystem(
        PosixConstants constants,
        DumpExclusion dumps,
        int inheritNothing,
        Errno overLimit,
        boolean locksNest,
        @Nullable String lockLimitSetting,
        Advice advice) {

    /** FreeBSD's advice of madvise(2). */
    static final int MADV_NOCORE = 8;

    static final int MAP_ANON = 0x1000;
    private static final int MAP_CONCEAL = 0x8000;
    private static final int INHERIT_NONE = 2;
    private static final int INHERIT_ZERO = 3;
    private static final ErrorNumbers ERRORS = new ErrorNumbers(35, 78, 84);

    /**
     * macOS. Its core dumps contain all pages, also those without access. Locks are counted for each page. A process may
     * lock the smaller of RLIMIT_MEMLOCK and vm.user_wire_limit.
     */
    static final BsdSystem MACOS = new BsdSystem(
            new PosixConstants(MAP_ANON, 29, 4, 6, Long.MAX_VALUE, RandomFunction.GETENTROPY, ERRORS),
            DumpExclusion.NONE,
            INHERIT_NONE,
            Errno.EAGAIN,
            true,
            "vm.user_wire_limit",
            new BsdAdvice(
                    "ulimit -l unlimited in the shell; and sysctl vm.user_wire_limit, if it is much less than the machine's memory."));

    /** FreeBSD 12 and later. */
    static final BsdSystem FREEBSD = new BsdSystem(
            new PosixConstants(MAP_ANON, 47, 4, 6, Long.MAX_VALUE, RandomFunction.GETRANDOM, ERRORS),
            DumpExclusion.BY_ADVICE,
            INHERIT_ZERO,
            Errno.ENOMEM,
            false,
            null,
            new BsdAdvice(
                    "memorylocked in login.conf(5) or limits -l unlimited, and sysctl vm.max_user_wired, which is for"
                            + " all processes together. If locking is forbidden, sysctl security.bsd.unprivileged_mlock=1."));

    /** OpenBSD. Its pages are kept out of core dumps from the beginning, which is not possible later. */
    static final BsdSystem OPENBSD = new BsdSystem(
            new PosixConstants(
                    MAP_ANON | MAP_CONCEAL,
                    28,
                    4,
                    6,
                    Long.MAX_VALUE,
                    RandomFunction.GETENTROPY,
                    new ErrorNumbers(35, 78, 87)),
            DumpExclusion.WHEN_MAPPED,
            INHERIT_ZERO,
            Errno.EAGAIN,
            false,
            null,
            new BsdAdvice("memorylocked in login.conf(5), or ulimit -l in the shell."));

    /** NetBSD. It has nothing to keep pages out of core dumps. */
    static final BsdSystem NETBSD = new BsdSystem(
            new PosixConstants(MAP_ANON, 28, 4, 6, Long.MAX_VALUE, RandomFunction.ARC4RANDOM_BUF, ERRORS),
            DumpExclusion.NONE,
            INHERIT_NONE,
            Errno.EAGAIN,
            false,
            null,
            new BsdAdvice("memorylocked in login.conf(5), or ulimit -l in the shell."));

    /** How pages are kept out of core dumps. */
    enum DumpExclusion {
        /** By madvise(2), for each region. */
        BY_ADVICE,
        /** By a flag of mmap(2), for all regions. */
        WHEN_MAPPED,
        /** Not at all. */
        NONE
    }
}
