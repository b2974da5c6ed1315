package io.securememory.memcall;

import io.securememory.MemoryCallException;

/** The one place that turns a failed call into an exception. */
final class FailedCall {

    private FailedCall() {}

    static MemoryCallException of(String operation, int errno) {
        return new MemoryCallException(operation, errno, Errno.nameOf(errno), remedy(operation, errno));
    }

    private static String remedy(String operation, int errno) {
        // madvise(2) says EAGAIN where the other calls say ENOMEM: it splits mappings, too.
        if (Errno.ENOMEM.is(errno) || Errno.EAGAIN.is(errno)) {
            return "The process is out of address space or of mappings: close secrets that are no longer needed, or raise"
                    + " vm.max_map_count (sysctl), RLIMIT_AS or the container's memory limit.";
        }
        if (Errno.EPERM.is(errno) || Errno.EACCES.is(errno)) {
            return "The call is not permitted: look for a seccomp profile, SELinux or AppArmor rule that denies "
                    + operation + ".";
        }
        if (Errno.ENOSYS.is(errno) || Errno.EINVAL.is(errno)) {
            return "This kernel or its sandbox (seccomp, gVisor) does not offer " + operation + "; see uname -r.";
        }
        return "See the operating system's manual of the call for this error.";
    }
}
