package io.securememory.spring.boot.properties;

import io.securememory.MemoryLimitException;
import io.securememory.MemoryLimitException.Kind;

/** Describes a limit of memory that is reached, and names the properties that help. */
public final class MemoryLimitAdvice {

    private MemoryLimitAdvice() {}

    /** Returns the message of the exception without the remedy, which an analysis shows separately. */
    public static String describe(MemoryLimitException e) {
        if (e.kind() == Kind.MAPPINGS) {
            return "No more memory can be mapped for a secret: the process has about " + e.mappings()
                    + " mappings and may have " + e.mappingLimit()
                    + " (vm.max_map_count), some of which are kept for the JVM.";
        }
        String limit = e.limitBytes() < 0 ? "the limit is unknown" : "the limit is " + e.limitBytes() + " bytes";
        return "No memory can be locked for a secret: " + e.requestedBytes() + " more bytes are needed, "
                + e.lockedBytes()
                + " bytes are locked already, " + limit
                + (e.errno() == 0 ? "." : " (error number " + e.errno() + " of the operating system).");
    }

    /** Returns the remedy of the exception, and the properties that it refers to. */
    public static String remedy(MemoryLimitException e) {
        if (e.kind() == Kind.MAPPINGS) {
            return e.remedy()
                    + " The storage is the property securememory.storage. What is kept for the JVM is the"
                    + " property securememory.mapping-reserve.";
        }
        return e.remedy()
                + " The lock policy is the property securememory.mlock.policy. If securememory.mlock.limit is set,"
                + " it applies as well and may have to be raised. With securememory.storage=sealed, secrets have no locked"
                + " memory of their own at rest, and need some pages for all of them together.";
    }
}
