package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;

/**
 * Refuses to inject a secret as text or as an array. Where the only constructor of a bean asks for a
 * {@code byte[]} or {@code char[]} that there is not, the container gives it an empty one: a key or a password of no length.
 */
final class SecretTypeCheck extends ContextAnnotationAutowireCandidateResolver {

    private final DefaultListableBeanFactory beans;

    private SecretTypeCheck(DefaultListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Adds the check, unless somebody decides about candidates in a way of his own. */
    static void addTo(DefaultListableBeanFactory beans) {
        if (beans.getAutowireCandidateResolver().getClass() == ContextAnnotationAutowireCandidateResolver.class) {
            beans.setAutowireCandidateResolver(new SecretTypeCheck(beans));
        }
    }

    /**
     * Asked for before any candidate is looked for.
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
