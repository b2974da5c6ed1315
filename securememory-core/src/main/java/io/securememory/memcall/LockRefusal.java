package io.securememory.memcall;

import io.securememory.MemoryCallException;

/**
 * Tells a limit of locked memory from everything else that refuses a lock, which no higher limit helps against.
 *
 * <p>The limit counts what this process has locked, and nobody else's. Source: mlock(2), mmap(2), memfd_secret(2),
 * getrlimit(2).
 */
final class LockRefusal {

    private LockRefusal() {}

    /**
     * Whether the limit is what refused. More than the limit is ENOMEM, and EAGAIN for a mapping that is locked from the
     * beginning; a limit of zero is EPERM. All three have other reasons, too.
     *
     * @param size bytes that were to be locked
     * @param locked bytes that the process has locked, or -1 if the kernel does not say: then it is believed
     * @param limit bytes, or {@link MemoryLockLimit#UNLIMITED}
     */
    static boolean isByLimit(int errno, long size, long locked, long limit) {
        if (limit == MemoryLockLimit.UNLIMITED) {
            return false;
        }
        if (Errno.EPERM.is(errno)) {
            return limit == 0;
        }
        return (Errno.ENOMEM.is(errno) || Errno.EAGAIN.is(errno)) && (locked < 0 || size > limit - locked);
    }

    /** What a refusal by anything but the limit becomes. */
    static MemoryCallException of(String operation, int errno) {
        if (Errno.EPERM.is(errno) || Errno.EACCES.is(errno)) {
            return new MemoryCallException(
                    operation,
                    errno,
                    Errno.nameOf(errno),
                    "Locking memory is forbidden here, and no limit is reached, so that raising one does not help. Allow "
                            + operation
                            + " where it is denied: in the container's seccomp profile (Docker: --security-opt"
                            + " seccomp; Kubernetes: securityContext.seccompProfile), in systemd's SystemCallFilter"
                            + " (@memlock), in a rule of SELinux or AppArmor. Or set the lock policy to best-effort to go"
                            + " on with memory that may be swapped.");
        }
        if (Errno.EAGAIN.is(errno)) {
            return new MemoryCallException(
                    operation,
                    errno,
                    Errno.nameOf(errno),
                    "The limit of locked memory is not reached, but there is no memory for the pages: raise the memory limit"
                            + " of the container, or free memory of the machine.");
        }
        return FailedCall.of(operation, errno);
    }
}
