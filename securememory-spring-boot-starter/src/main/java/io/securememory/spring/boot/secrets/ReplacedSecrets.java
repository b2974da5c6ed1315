package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Declared secrets in whose place the application has a bean of its own, as tests do: their files are not read, and need not
 * be there. The bean is asked for when it is needed, as it may need other beans.
 */
final class ReplacedSecrets {

    private final ConfigurableListableBeanFactory beans;
    private final Set<String> names = new TreeSet<>();

    /** Looks for them among the declared names, before any of these is loaded. */
    ReplacedSecrets(Collection<String> declared, ConfigurableListableBeanFactory beans) {
        this.beans = beans;
        declared.stream()
                .filter(name -> hasOtherBean(beans, name) && isSecret(beans, name))
                .forEach(names::add);
    }

    /** What is there before any declared secret is loaded was put there, as mocks are beside the definition that they replace. */
    private static boolean hasOtherBean(ConfigurableListableBeanFactory beans, String name) {
        return beans.containsSingleton(name)
                || (beans.containsBeanDefinition(name) && !isDeclared(beans.getBeanDefinition(name)));
    }

    /** Tells whether a bean is one of those that {@link DeclaredSecretsRegistrar} has defined. */
    private static boolean isDeclared(BeanDefinition definition) {
        return DeclaredSecrets.BEAN_NAME.equals(definition.getFactoryBeanName())
                && !definition.getConstructorArgumentValues().isEmpty();
    }

    /** Tells whether a bean can stand in for a secret. Does not make it. */
    static boolean isSecret(ConfigurableListableBeanFactory beans, String name) {
        Class<?> type = beans.getType(name, false);
        return type != null && Secret.class.isAssignableFrom(type);
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    /** The bean in the place of a declared secret. */
    Secret get(String name) {
        return beans.getBean(name, Secret.class);
    }

    Set<String> names() {
        return Collections.unmodifiableSet(names);
    }
}
