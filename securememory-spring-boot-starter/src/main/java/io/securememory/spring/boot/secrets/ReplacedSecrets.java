package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Declared secrets that the application has replaced by beans of its own, as tests do. Their files are not read and
 * need not exist. Each bean is requested only when it is needed, because it may need other beans.
 */
final class ReplacedSecrets {

    private final ConfigurableListableBeanFactory beans;
    private final Set<String> names = new TreeSet<>();

    /** Finds the replaced secrets among the declared names. Call it before any declared secret is loaded. */
    ReplacedSecrets(Collection<String> declared, ConfigurableListableBeanFactory beans) {
        this.beans = beans;
        declared.stream()
                .filter(name -> hasOtherBean(beans, name) && isSecret(beans, name))
                .forEach(names::add);
    }

    /**
     * Tells whether the application has registered a bean with this name. A singleton that exists before any declared
     * secret is loaded was added by the application: mocks, for example, are registered in addition to the definition
     * that they replace.
     */
    private static boolean hasOtherBean(ConfigurableListableBeanFactory beans, String name) {
        return beans.containsSingleton(name)
                || (beans.containsBeanDefinition(name) && !isDeclared(beans.getBeanDefinition(name)));
    }

    /** Tells whether {@link DeclaredSecretsRegistrar} has defined a bean. */
    private static boolean isDeclared(BeanDefinition definition) {
        return DeclaredSecrets.BEAN_NAME.equals(definition.getFactoryBeanName())
                && !definition.getConstructorArgumentValues().isEmpty();
    }

    /** Tells whether a bean can replace a secret. Does not create the bean. */
    static boolean isSecret(ConfigurableListableBeanFactory beans, String name) {
        Class<?> type = beans.getType(name, false);
        return type != null && Secret.class.isAssignableFrom(type);
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    /** Returns the bean that replaces a declared secret. */
    Secret get(String name) {
        return beans.getBean(name, Secret.class);
    }

    Set<String> names() {
        return Collections.unmodifiableSet(names);
    }
}
