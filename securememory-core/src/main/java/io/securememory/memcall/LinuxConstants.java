package io.securememory.memcall;

import java.util.Locale;

/**
 * Linux' constants in the generic numbering. Source: the kernel's asm-generic/mman-common.h, mman.h, resource.h, errno.h and
 * unistd.h; bits/confname.h of the C library for the page size.
 */
final class LinuxConstants {

    /** Constants that other systems also have, with other numbers. */
    static final PosixConstants GENERIC =
            new PosixConstants(0x20, 30, 4, 8, -1, RandomFunction.GETRANDOM, new ErrorNumbers(11, 38, 75));

    /**
     * Constants on POWER. They are the generic numbers: what differs there, such as MAP_LOCKED and EDEADLOCK, is not used
     * here. Source: arch/powerpc/include/uapi/asm/mman.h, errno.h.
     */
    static final PosixConstants POWER =
            new PosixConstants(0x20, 30, 4, 8, -1, RandomFunction.GETRANDOM, new ErrorNumbers(11, 38, 75));

    static final int MADV_DONTFORK = 10;
    static final int MADV_DONTDUMP = 16;
    static final int MADV_WIPEONFORK = 18;

    /**
     * The limit of core dumps under which there are none. The kernel does not apply the limit to a dump that it pipes to a
     * crash handler, except this value, for which it starts no handler. A file of one byte is not written either, because
     * it is less than the smallest dump. Source: fs/coredump.c.
     */
    static final long CORE_LIMIT_FOR_NONE = 1;

    static final int MREMAP_MAYMOVE = 1;
    static final int MREMAP_FIXED = 2;

    /**
     * Number of memfd_secret(2), for which the C library has no function. It is the same on every supported
     * processor that has it. POWER, s390x and LoongArch have none, and say ENOSYS.
     */
    static final long SYS_MEMFD_SECRET = 447;

    private LinuxConstants() {}

    /**
     * Number of getrandom(2).
     *
     * @param processor Java's name for it
     */
    static long getrandom(String processor) {
        return switch (processor.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> 318;
            case "ppc64le" -> 359;
            case "s390x" -> 349;
            default -> 278; // The generic number, on all processors that are newer
        };
    }
}
