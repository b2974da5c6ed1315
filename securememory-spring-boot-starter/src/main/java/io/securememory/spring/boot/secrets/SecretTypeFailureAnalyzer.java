package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;

/** Explains what to write instead of injecting a secret as text, or making one from the text of a property. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretTypeFailureAnalyzer extends AbstractInjectionFailureAnalyzer<BeansException> {

    private static final String INJECT_IT =
            "Declare the secret by securememory.secrets.<name>.location, which says where its"
                    + " file is, and inject it by @Qualifier(\"<name>\"), without @Value. Or take it as a property of type Secret into"
                    + " a class of @ConfigurationProperties, whose value is the location.";

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, BeansException outermost, @Nullable String description) {
        String who = description == null ? "A component" : description;
        BeanNotOfRequiredTypeException other = findCause(rootFailure, BeanNotOfRequiredTypeException.class);
        if (other != null && Secret.class.isAssignableFrom(other.getActualType())) {
            return ofSecret(
                    who + " asks for the secret '" + other.getBeanName() + "' as ", other.getRequiredType(), other);
        }
        TypeMismatchException mismatch = findCause(rootFailure, TypeMismatchException.class);
        if (mismatch == null || mismatch.getRequiredType() == null) {
            return null;
        }
        if (mismatch.getRequiredType() == Secret.class) {
            return new FailureAnalysis(
                    who
                            + " asks for a Secret that is made from text, for example by @Value. The text of a secret is never a property,"
                            + " and @Value reads no files.",
                    INJECT_IT,
                    mismatch);
        }
        return mismatch.getValue() instanceof Secret
                ? ofSecret(who + " asks for a secret as ", mismatch.getRequiredType(), mismatch)
                : null;
    }

    private static FailureAnalysis ofSecret(String who, Class<?> type, Throwable cause) {
        return new FailureAnalysis(
                who + ClassUtils.getQualifiedName(type)
                        + ". A secret is of type io.securememory.Secret and is converted to no other.",
                SecretBeans.READ_IT,
                cause);
    }
}
