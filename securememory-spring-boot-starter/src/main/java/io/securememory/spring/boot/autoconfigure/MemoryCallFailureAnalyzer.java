package io.securememory.spring.boot.autoconfigure;

import io.securememory.MemoryCallException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what to do when the operating system refuses a memory call for a reason other than the lock limit. */
final class MemoryCallFailureAnalyzer extends AbstractFailureAnalyzer<MemoryCallException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MemoryCallException cause) {
        return new FailureAnalysis(
                "The operating system refused a call that protects secrets: " + cause.operation()
                        + " failed with error number " + cause.errno() + " (" + cause.errnoName() + ").",
                action(cause.remedy()),
                cause);
    }

    private static String action(String remedy) {
        return remedy.contains("lock policy")
                ? remedy + " The lock policy is the property securememory.mlock.policy."
                : remedy;
    }
}
