package io.securememory.spring.boot.secrets;

import io.securememory.spring.boot.properties.NearestName;
import io.securememory.spring.boot.properties.SecretBinding;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.PlaceholderResolutionException;

/** Explains how to inject a secret when it was looked up as a property, for example by {@code @Value}. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretPlaceholderFailureAnalyzer extends AbstractFailureAnalyzer<PlaceholderResolutionException> {

    private static final String PREFIX = SecretBinding.SECRETS + ".";

    private final SecretBeans secrets;

    SecretPlaceholderFailureAnalyzer(BeanFactory beans, Environment environment) {
        this.secrets = new SecretBeans(beans, environment);
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PlaceholderResolutionException cause) {
        String placeholder = cause.getPlaceholder();
        boolean isBelow = placeholder.startsWith(PREFIX);
        String wanted = isBelow ? placeholder.substring(PREFIX.length()) : placeholder;
        String name = secrets.names().stream()
                .filter(known -> NearestName.letters(known).equals(NearestName.letters(wanted)))
                .findFirst()
                .orElse(isBelow ? secrets.nearest(wanted) : null);
        if (!isBelow && name == null) {
            return null;
        }
        return new FailureAnalysis(
                "There is no property '" + placeholder + "' for ${" + placeholder
                        + "}. A declared secret is a bean: its text is never a property.\n" + secrets.list(),
                "Write @Qualifier(\"" + (name == null ? "<name>" : name) + "\") Secret instead of @Value. "
                        + SecretBeans.READ_IT,
                cause);
    }
}
