package io.securememory.memcall;

/** The meanings of the error numbers that memory calls set. Source: errno(3). */
enum Errno {
    EPERM,
    EINTR,
    EAGAIN,
    ENOMEM,
    EACCES,
    EFAULT,
    EBUSY,
    EINVAL,
    ENFILE,
    EMFILE,
    ENOSYS,
    EOVERFLOW
}
