package io.securememory.spring.boot.properties;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells what to write instead of a property name that is unknown or ambiguous. */
final class PropertyNameFailureAnalyzer extends AbstractFailureAnalyzer<PropertyNameException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PropertyNameException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy(), cause);
    }
}
