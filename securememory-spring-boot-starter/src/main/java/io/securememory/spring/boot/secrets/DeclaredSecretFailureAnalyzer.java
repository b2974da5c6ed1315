package io.securememory.spring.boot.secrets;

import io.securememory.spring.boot.DeclaredSecretException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains what to do when a declared secret cannot be loaded. Runs before the analyzers of the causes, which do not
 * know the secret's name.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class DeclaredSecretFailureAnalyzer extends AbstractFailureAnalyzer<DeclaredSecretException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DeclaredSecretException cause) {
        BindException binding = findCause(rootFailure, BindException.class);
        String property = binding == null ? "" : "The property " + binding.getName() + " cannot be bound. ";
        return new FailureAnalysis(property + cause.getMessage(), cause.remedy(), cause);
    }
}
