package io.securememory.memcall;

import io.securememory.MemoryLimitException;
import org.jspecify.annotations.Nullable;

/** Advice for Linux and its containers. */
final class LinuxAdvice implements Advice {

    private static final String GO_WITHOUT =
            " Or set the lock policy to best-effort to go on with memory that may be swapped.";

    @Override
    public String onCall(String operation, @Nullable Errno error) {
        // madvise(2) can split mappings, too. It then fails with EAGAIN where other calls fail with ENOMEM.
        if (error == Errno.ENOMEM || error == Errno.EAGAIN) {
            return "The process is out of address space or of mappings: close secrets that are no longer needed, or raise"
                    + " vm.max_map_count (sysctl), RLIMIT_AS or the container's memory limit.";
        }
        if (error == Errno.EPERM || error == Errno.EACCES) {
            return "The call is not permitted: look for a seccomp profile, SELinux or AppArmor rule that denies "
                    + operation + ".";
        }
        if (error == Errno.ENOSYS || error == Errno.EINVAL) {
            return "This kernel or its sandbox (seccomp, gVisor) does not offer " + operation + "; see uname -r.";
        }
        return "See the operating system's manual of the call for this error.";
    }

    @Override
    public String onLock(String operation, @Nullable Errno error) {
        if (error == Errno.EPERM || error == Errno.EACCES) {
            return "Locking memory is forbidden here. No limit is reached, so raising a limit does not help. Allow "
                    + operation
                    + " where it is denied: in the container's seccomp profile (Docker: --security-opt"
                    + " seccomp; Kubernetes: securityContext.seccompProfile), in systemd's SystemCallFilter"
                    + " (@memlock), in a rule of SELinux or AppArmor." + GO_WITHOUT;
        }
        if (error == Errno.EAGAIN) {
            return "The limit of locked memory is not reached, but there is no memory for the pages: raise the memory limit"
                    + " of the container, or free memory of the machine.";
        }
        return error == Errno.ENOSYS ? onCall(operation, error) + GO_WITHOUT : onCall(operation, error);
    }

    @Override
    public String onLockLimit() {
        return MemoryLimitException.remedyOnLinux();
    }
}
