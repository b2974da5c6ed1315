package io.securememory.memcall;

/** What the error numbers that calls on memory leave behind mean. Source: errno(3). */
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
