package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.spring.boot.properties.SecretBinding;
import io.securememory.spring.boot.properties.UnknownPropertyCheck;
import io.securememory.spring.boot.secrets.SecretLocation.Generated;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a bean definition for each declared secret, before any bean exists, so that secrets can be injected by type and
 * by name like any other bean.
 *
 * <p>An optional secret gets no bean if nothing exists at its location, so that injection points see that it is
 * absent.
 */
public final class DeclaredSecretsRegistrar implements ImportBeanDefinitionRegistrar {

    private static final Logger LOG = LoggerFactory.getLogger(DeclaredSecretsRegistrar.class);

    /** Name of the session's bean. Its place in the order of destruction is reserved before it is created. */
    public static final String SESSION = "secureMemory";

    /** Name of the bean that keeps the provider in the JVM's list. It lasts as long as the session. */
    public static final String PROVIDER = "io.securememory.provider";

    /** Names of profiles that are probably not for development. */
    private static final Pattern PRODUCTION = Pattern.compile("(?i)(.*[-_.])?(prod|production|live)([-_.].*)?");

    private final Environment environment;
    private final ResourceLoader resources;

    /** Called by the container. */
    public DeclaredSecretsRegistrar(Environment environment, ResourceLoader resources) {
        this.environment = environment;
        this.resources = resources;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importingClass, BeanDefinitionRegistry registry) {
        if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
            register(registry);
        } // A build machine does not know the secrets. Generated code calls the other method at the start.
    }

    /** Registers the bean definitions; called by the import and by code that is generated ahead of time. */
    public void register(BeanDefinitionRegistry registry) {
        closeSessionLast(registry);
        UnknownPropertyCheck.begin(environment, registry);
        if (registry instanceof DefaultListableBeanFactory beans) {
            SecretTypeCheck.addTo(beans);
        }
        List<SecretDeclaration> secrets = SecretDeclaration.all(SecretBinding.declared(environment), resources);
        tellOfGenerated(secrets);
        for (SecretDeclaration secret : secrets) {
            if (registry.isBeanNameInUse(secret.name())) {
                requireSecret(registry, secret.name());
                LOG.info("Secret '{}' is not loaded: the application has a bean of this name", secret.name());
            } else if (secret.isLeftOut()) {
                LOG.info("Optional secret '{}' has no bean: {} does not exist", secret.name(), secret.location());
            } else {
                registry.registerBeanDefinition(secret.name(), definition(secret.name()));
            }
        }
    }

    /**
     * Logs which secrets are generated. Random bytes are enough for development. In production, they differ between
     * instances and between starts.
     */
    private void tellOfGenerated(List<SecretDeclaration> secrets) {
        List<String> names = secrets.stream()
                .filter(secret -> secret.location() instanceof Generated)
                .map(SecretDeclaration::name)
                .toList();
        if (names.isEmpty()) {
            return;
        }
        Stream.of(environment.getActiveProfiles())
                .filter(profile -> PRODUCTION.matcher(profile).matches())
                .findFirst()
                .ifPresentOrElse(
                        profile -> LOG.warn(
                                "The secrets {} are random bytes, different at each start and in each instance, and the active"
                                        + " profile '{}' looks like production",
                                names,
                                profile),
                        () -> LOG.info("The secrets {} are random bytes, different at each start", names));
    }

    /** Allows only a bean of type {@link Secret} to replace a declared secret. */
    private static void requireSecret(BeanDefinitionRegistry registry, String name) {
        if (!(registry instanceof ConfigurableListableBeanFactory beans) || !ReplacedSecrets.isSecret(beans, name)) {
            throw SecretFailures.nameTaken(name);
        }
    }

    /**
     * Reserves the session's place in the order of destruction before any bean exists. Beans are destroyed in the
     * reverse order of their creation, and the session keeps the reserved place when it is created. So the session
     * also outlives beans that were created before it and look up their secrets; the container does not know that
     * these beans depend on the session.
     */
    private static void closeSessionLast(BeanDefinitionRegistry registry) {
        if (registry instanceof DefaultSingletonBeanRegistry beans) {
            beans.registerDisposableBean(PROVIDER, () -> {});
            beans.registerDisposableBean(SESSION, () -> {});
        }
    }

    /**
     * Returns the definition of a bean that is looked up in {@link DeclaredSecrets}. The bean depends on that object,
     * and so on the session: all users of the secret are destroyed before the session wipes it.
     */
    private static RootBeanDefinition definition(String name) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(Secret.class);
        definition.setFactoryBeanName(DeclaredSecrets.BEAN_NAME);
        definition.setFactoryMethodName("get");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        // Empty and not unset: otherwise the container finds and calls close(), and the session has no secrets left to
        // count.
        definition.setDestroyMethodName("");
        return definition;
    }
}
