package io.securememory.memcall;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The error numbers of one system. Source: errno(3), and the system's errno.h. */
final class ErrorNumbers {

    private final Map<Integer, Errno> meanings;

    /** Creates a table from the numbers that differ between systems. */
    ErrorNumbers(int eagain, int enosys, int eoverflow) {
        meanings = Map.ofEntries(
                Map.entry(1, Errno.EPERM),
                Map.entry(4, Errno.EINTR),
                Map.entry(12, Errno.ENOMEM),
                Map.entry(13, Errno.EACCES),
                Map.entry(14, Errno.EFAULT),
                Map.entry(16, Errno.EBUSY),
                Map.entry(22, Errno.EINVAL),
                Map.entry(23, Errno.ENFILE),
                Map.entry(24, Errno.EMFILE),
                Map.entry(eagain, Errno.EAGAIN),
                Map.entry(enosys, Errno.ENOSYS),
                Map.entry(eoverflow, Errno.EOVERFLOW));
    }

    /** Returns the meaning of a number, or null if the number is not in the table. */
    @Nullable
    Errno meaningOf(int number) {
        return meanings.get(number);
    }

    String nameOf(int number) {
        Errno meaning = meaningOf(number);
        return meaning == null ? "errno " + number : meaning.name();
    }
}
