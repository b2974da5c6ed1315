package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

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
     * @param error what the error number means, or null if that is not known
     * @param size bytes that were to be locked
     * @param locked bytes that the process has locked, or -1 if the kernel does not say: then it is believed
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
