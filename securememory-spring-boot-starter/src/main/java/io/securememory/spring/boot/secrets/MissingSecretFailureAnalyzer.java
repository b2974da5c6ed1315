package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Lists the declared secrets when an injection point asks for a secret that does not exist, for one of several secrets
 * without a name, or for a secret as another type. Runs before Spring Boot's analysis of missing beans, which does not
 * know declared secrets.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingSecretFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

    private final SecretBeans secrets;

    MissingSecretFailureAnalyzer(BeanFactory beans, Environment environment) {
        this.secrets = new SecretBeans(beans, environment);
    }

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, NoSuchBeanDefinitionException cause, @Nullable String description) {
        String who = description == null ? "A component" : description;
        String name = qualifier(rootFailure);
        Class<?> type = type(cause);
        if (type == Secret.class) {
            return cause.getNumberOfBeansFound() > 0 ? oneOfSeveral(who, cause) : missing(who, name, cause);
        }
        if (type != null) {
            return name != null && secrets.names().contains(name)
                    ? ofOtherType(who, name, type, cause)
                    : notConfigured(who, type, cause);
        }
        String bean = cause.getBeanName();
        return bean != null
                        && (secrets.nearest(bean) != null || secrets.leftOut().contains(bean))
                ? missing(who, bean, cause)
                : null;
    }

    private static @Nullable Class<?> type(NoSuchBeanDefinitionException cause) {
        ResolvableType type = cause.getResolvableType();
        return type == null ? null : type.resolve();
    }

    private static @Nullable String qualifier(Throwable failure) {
        InjectionPoint point = null;
        for (Throwable candidate = failure; candidate != null; candidate = candidate.getCause()) {
            if (candidate instanceof UnsatisfiedDependencyException unsatisfied
                    && unsatisfied.getInjectionPoint() != null) {
                point = unsatisfied.getInjectionPoint();
            }
        }
        return point == null ? null : SecretQualifier.in(point.getAnnotations());
    }

    private FailureAnalysis missing(String who, @Nullable String name, NoSuchBeanDefinitionException cause) {
        String which = name == null ? "a secret" : "the secret '" + name + "'";
        return new FailureAnalysis(
                who + " asks for " + which + ", which does not exist.\n" + secrets.list(), secrets.remedy(name), cause);
    }

    private FailureAnalysis oneOfSeveral(String who, NoSuchBeanDefinitionException cause) {
        return new FailureAnalysis(
                who + " asks for a secret without a name, and there are several.\n" + secrets.list(),
                "Say which one: @Qualifier(\"<name>\") or @NamedSecret(\"<name>\") beside the type io.securememory.Secret.",
                cause);
    }

    private static FailureAnalysis ofOtherType(String who, String name, Class<?> type, Throwable cause) {
        return new FailureAnalysis(
                who + " asks for the secret '" + name + "' as " + ClassUtils.getQualifiedName(type)
                        + ". A secret is of type io.securememory.Secret and is converted to no other.",
                SecretBeans.READ_IT,
                cause);
    }

    /** Returns an analysis only for types of this library. */
    private @Nullable FailureAnalysis notConfigured(String who, Class<?> type, Throwable cause) {
        boolean isOurs =
                Stream.of("io.securememory", "io.securememory.spring.boot").anyMatch(type.getPackageName()::equals);
        return !isOurs || secrets.areConfigured()
                ? null
                : new FailureAnalysis(
                        who + " asks for a bean of type " + type.getName()
                                + ", which does not exist because Secure Memory is not" + " configured here.",
                        secrets.remedy(null),
                        cause);
    }
}
