package io.securememory.spring.boot.autoconfigure;

import io.securememory.MemoryLimitException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells what to do when memory cannot be locked at start. */
final class MemoryLimitFailureAnalyzer extends AbstractFailureAnalyzer<MemoryLimitException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MemoryLimitException cause) {
        return new FailureAnalysis(describe(cause), remedy(cause), cause);
    }

    /** The message of the exception without its remedy, which has a place of its own in an analysis. */
    static String describe(MemoryLimitException e) {
        String limit = e.limitBytes() < 0 ? "the limit is unknown" : "the limit is " + e.limitBytes() + " bytes";
        return "No memory can be locked for a secret: " + e.requestedBytes() + " more bytes are needed, "
                + e.lockedBytes()
                + " bytes are locked already, " + limit
                + (e.errno() == 0 ? "." : " (error number " + e.errno() + " of the operating system).");
    }

    /** The remedy of the exception, and the properties it refers to. */
    static String remedy(MemoryLimitException e) {
        return e.remedy()
                + " The lock policy is the property securememory.mlock.policy. If securememory.mlock.limit is set,"
                + " it applies as well and may have to be raised. With securememory.storage=sealed, secrets have no locked"
                + " memory of their own at rest, and need some pages for all of them together.";
    }
}
