package io.securememory.spring.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what to do if Spring Boot is too old. */
final class UnsupportedSpringBootFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedSpringBootException> {

    private static final String ACTION = """
            Do one of these.
            - Update Spring Boot to %1$d.0 or later. If the build already says so, look for an older version that another \
            dependency or a parent brings: mvn dependency:tree, or gradle dependencyInsight --dependency spring-boot.
            - Use securememory-core without the starter: it needs no Spring.
            - Set securememory.enabled=false. The starter then configures nothing.""".formatted(SpringBootVersionCheck.OLDEST);

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedSpringBootException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), ACTION, cause);
    }
}
