package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;

/**
 * Refuses to inject a secret as text or as an array. If the only constructor of a bean asks for a {@code byte[]} or
 * {@code char[]} and there is no such bean, the container passes an empty array: an empty key or password.
 */
final class SecretTypeCheck extends ContextAnnotationAutowireCandidateResolver {

    private final DefaultListableBeanFactory beans;

    private SecretTypeCheck(DefaultListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Adds the check, unless the application has its own resolver of autowire candidates. */
    static void addTo(DefaultListableBeanFactory beans) {
        if (beans.getAutowireCandidateResolver().getClass() == ContextAnnotationAutowireCandidateResolver.class) {
            beans.setAutowireCandidateResolver(new SecretTypeCheck(beans));
        }
    }

    /**
     * Called before the container searches for candidates.
     *
     * @throws BeanNotOfRequiredTypeException if the dependency has the name of a secret and is text or an array
     */
    @Override
    public @Nullable Object getSuggestedValue(DependencyDescriptor descriptor) {
        Class<?> type = descriptor.getDependencyType();
        if (type.isArray() ? type.getComponentType() != Secret.class : CharSequence.class.isAssignableFrom(type)) {
            String name = SecretQualifier.in(descriptor.getAnnotations());
            if (name != null && beans.containsLocalBean(name) && ReplacedSecrets.isSecret(beans, name)) {
                throw new BeanNotOfRequiredTypeException(name, type, Secret.class);
            }
        }
        return super.getSuggestedValue(descriptor);
    }
}
