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
 * <p>An optional secret whose location holds nothing gets no bean: injection points see that it is absent.
 */
public final class DeclaredSecretsRegistrar implements ImportBeanDefinitionRegistrar {

    private static final Logger LOG = LoggerFactory.getLogger(DeclaredSecretsRegistrar.class);

    /** Name of the bean of the session, which has its place in the order of destruction before it is made. */
    public static final String SESSION = "secureMemory";

    /** Profiles that are called so are not for desks. */
    private static final Pattern PRODUCTION = Pattern.compile("(?i)(.*[-_.])?(prod|production|live)([-_.].*)?");

    private final Environment environment;
    private final ResourceLoader resources;

    /** For the container. */
    public DeclaredSecretsRegistrar(Environment environment, ResourceLoader resources) {
        this.environment = environment;
        this.resources = resources;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importingClass, BeanDefinitionRegistry registry) {
        if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
            register(registry);
        } // The machine that builds does not know them; the generated code calls the other method when it starts.
    }

    /** Registers them whether or not an import asks for it. */
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

    /** Random bytes do for a desk. In production, no two instances and no two starts have the same. */
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
                                "The secrets {} are random bytes, other ones at each start and in each instance, and the active"
                                        + " profile '{}' looks like production",
                                names,
                                profile),
                        () -> LOG.info("The secrets {} are random bytes, other ones at each start", names));
    }

    /** A secret of the application's own stands in for a declared one, and nothing else does. */
    private static void requireSecret(BeanDefinitionRegistry registry, String name) {
        if (!(registry instanceof ConfigurableListableBeanFactory beans) || !ReplacedSecrets.isSecret(beans, name)) {
            throw SecretFailures.nameTaken(name);
        }
    }

    /**
     * Takes the session's place in the order of destruction before any bean exists. That order is the one of creation
     * backwards, and the session takes this place when it is there: so it outlives beans, too, that look their secrets
     * up and were made before it, which the container does not know to depend on it.
     */
    private static void closeSessionLast(BeanDefinitionRegistry registry) {
        if (registry instanceof DefaultSingletonBeanRegistry beans) {
            beans.registerDisposableBean(SESSION, () -> {});
        }
    }

    /**
     * A bean that is looked up in {@link DeclaredSecrets}, and depends on it and so on the session: whatever uses the secret
     * is destroyed before the session wipes it.
     */
    private static RootBeanDefinition definition(String name) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(Secret.class);
        definition.setFactoryBeanName(DeclaredSecrets.BEAN_NAME);
        definition.setFactoryMethodName("get");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        // Empty and not unset: otherwise the close of an AutoCloseable is found, and the session has nothing to count.
        definition.setDestroyMethodName("");
        return definition;
    }
}
