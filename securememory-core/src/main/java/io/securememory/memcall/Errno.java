package io.securememory.memcall;

/** Names of the error numbers that calls on memory leave behind on Linux. Source: errno(3), asm-generic/errno-base.h. */
enum Errno {
    EPERM(1),
    EINTR(4),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EFAULT(14),
    EBUSY(16),
    EINVAL(22),
    ENFILE(23),
    EMFILE(24),
    ENOSYS(38),
    EOVERFLOW(75);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    boolean is(int errno) {
        return number == errno;
    }

    static String nameOf(int errno) {
        for (Errno known : values()) {
            if (known.is(errno)) {
                return known.name();
            }
        }
        return "errno " + errno;
    }
}
