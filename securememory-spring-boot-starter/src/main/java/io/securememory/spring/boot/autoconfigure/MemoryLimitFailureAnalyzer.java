package io.securememory.spring.boot.autoconfigure;

import io.securememory.MemoryLimitException;
import io.securememory.spring.boot.properties.MemoryLimitAdvice;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what to do when memory cannot be locked or mapped at start. */
final class MemoryLimitFailureAnalyzer extends AbstractFailureAnalyzer<MemoryLimitException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MemoryLimitException cause) {
        return new FailureAnalysis(MemoryLimitAdvice.describe(cause), MemoryLimitAdvice.remedy(cause), cause);
    }
}
