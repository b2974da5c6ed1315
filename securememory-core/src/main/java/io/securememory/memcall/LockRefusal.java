package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/**
 * Distinguishes a refusal to lock memory because of the limit from all other refusals, for which a higher limit does
 * not help.
 *
 * <p>The limit counts only the memory that this process has locked. Source: mlock(2), mmap(2), memfd_secret(2),
 * getrlimit(2).
 */
final class LockRefusal {

    private LockRefusal() {}

    /**
     * Tells whether the limit is the reason of the refusal. If the lock exceeds the limit, the error is ENOMEM, or
     * EAGAIN for a mapping that is locked from the beginning. If the limit is zero, the error is EPERM. All three
     * errors have other reasons, too.
     *
     * @param error what the error number means, or null if that is not known
     * @param size the number of bytes to lock
     * @param locked bytes that the process has locked, or -1 if that is not known: then the error number decides
     * @param limit bytes, or {@link MemoryLockLimit#UNLIMITED}
     */
    static boolean isByLimit(@Nullable Errno error, long size, long locked, long limit) {
        if (limit == MemoryLockLimit.UNLIMITED) {
            return false;
        }
        if (error == Errno.EPERM) {
            return limit == 0;
        }
        return (error == Errno.ENOMEM || error == Errno.EAGAIN) && (locked < 0 || size > limit - locked);
    }
}
