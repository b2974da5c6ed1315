package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/** Advice for macOS and the BSDs. */
final class BsdAdvice implements Advice {

    private final String lockLimit;

    /** @param lockLimit the settings that raise the limit of locked memory; the end of a sentence */
    BsdAdvice(String lockLimit) {
        this.lockLimit = lockLimit;
    }

    @Override
    public String onCall(String operation, @Nullable Errno error) {
        if (error == Errno.ENOMEM || error == Errno.EAGAIN) {
            return "The process is out of address space or memory: close secrets that are no longer needed, or raise the"
                    + " limits of the process (ulimit -v and -d).";
        }
        if (error == Errno.EPERM || error == Errno.EACCES) {
            return "The call is not permitted: look for a sandbox, a jail, or a security policy that denies "
                    + operation + ".";
        }
        if (error == Errno.ENOSYS || error == Errno.EINVAL) {
            return "This kernel does not offer " + operation + "; see uname -r.";
        }
        return "See the operating system's manual of the call for this error.";
    }

    @Override
    public String onLock(String operation, @Nullable Errno error) {
        if (error == Errno.EPERM || error == Errno.EACCES) {
            return "Locking memory is forbidden here: look for a sandbox, a jail, or a setting that denies " + operation
                    + ". " + onLockLimit();
        }
        return error == Errno.EAGAIN || error == Errno.ENOMEM ? onLockLimit() : onCall(operation, error);
    }

    @Override
    public String onLockLimit() {
        return "Raise the limit: " + lockLimit
                + " Or set the lock policy to best-effort to go on with memory that may be swapped.";
    }
}
