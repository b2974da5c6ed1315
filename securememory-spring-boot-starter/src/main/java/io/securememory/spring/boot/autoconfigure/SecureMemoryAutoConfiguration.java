package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.CryptoEngine;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import io.securememory.spring.boot.properties.SettingsConfiguration;
import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.secrets.DeclaredSecretsRegistrar;
import io.securememory.spring.boot.secrets.SecretPropertyConverter;
import io.securememory.spring.boot.watch.SecretWatch;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of one {@link SecureMemory} session, its factories, and the secrets that are declared under
 * {@code securememory.secrets}.
 *
 * <p>The primary {@link SecretFactory} makes secrets with the storage that {@code securememory.storage} sets. In
 * addition, there is a factory for each storage. It is injected only by its name, so that it never competes with a
 * factory of the application.
 *
 * <p>The session wipes all secrets in its destroy method. This method runs after all other beans are destroyed,
 * whether secrets are injected into them or looked up, and also when the start of the application fails. Each
 * application context has a session of its own, so that closing a child context never wipes the secrets of its parent.
 * For this reason, a bean of a parent context does not replace the one of a child context.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "securememory.enabled", matchIfMissing = true)
@Import({
    SettingsConfiguration.class,
    DeclaredSecretsRegistrar.class,
    CryptoConfiguration.class,
    OperatorConfiguration.class
})
public final class SecureMemoryAutoConfiguration {

    /** Called by the container. */
    SecureMemoryAutoConfiguration() {}

    @Bean(name = DeclaredSecretsRegistrar.SESSION, destroyMethod = "close")
    @ConditionalOnMissingBean(value = SecureMemory.class, search = SearchStrategy.CURRENT)
    SecureMemory secureMemory(SecureMemorySettings settings) {
        return SecureMemory.create(settings.toOptions());
    }

    @Bean
    @Primary
    @ConditionalOnMissingBean(value = SecretFactory.class, search = SearchStrategy.CURRENT)
    SecretFactory secretFactory(SecureMemory secureMemory) {
        return secureMemory.secrets();
    }

    @Bean(defaultCandidate = false)
    @ConditionalOnMissingBean(name = "protectedSecretFactory", search = SearchStrategy.CURRENT)
    SecretFactory protectedSecretFactory(SecureMemory secureMemory) {
        return secureMemory.secrets(Storage.PROTECTED);
    }

    @Bean(defaultCandidate = false)
    @ConditionalOnMissingBean(name = "sealedSecretFactory", search = SearchStrategy.CURRENT)
    SecretFactory sealedSecretFactory(SecureMemory secureMemory) {
        return secureMemory.secrets(Storage.SEALED);
    }

    /** Chosen when it is first injected or needed, because an application without keys should load no library. */
    @Bean
    @Lazy
    @ConditionalOnMissingBean(value = CryptoEngine.class, search = SearchStrategy.CURRENT)
    CryptoEngine cryptoEngine(SecureMemorySettings settings, ProviderRegistration registration) {
        return settings.chooseEngine();
    }

    /** Static, because the container creates it before any other bean. */
    @Bean
    @ConfigurationPropertiesBinding
    @ConditionalOnMissingBean(name = "secretPropertyConverter", search = SearchStrategy.CURRENT)
    static SecretPropertyConverter secretPropertyConverter(
            ObjectProvider<SecureMemory> secureMemory, ResourceLoader resources) {
        return new SecretPropertyConverter(secureMemory, resources);
    }

    @Bean(DeclaredSecrets.BEAN_NAME)
    DeclaredSecrets declaredSecrets(
            SecureMemory secureMemory,
            SecureMemorySettings settings,
            ResourceLoader resources,
            ConfigurableListableBeanFactory beans,
            ApplicationEventPublisher eventPublisher) {
        return DeclaredSecrets.load(
                secureMemory, settings.allSecrets(), resources, beans, eventPublisher, InstantSource.system());
    }

    @Bean(SecretWatch.BEAN_NAME)
    SecretWatch secretWatch(DeclaredSecrets declaredSecrets, SecureMemorySettings settings) {
        return new SecretWatch(declaredSecrets.rotations(), declaredSecrets::wiped, settings.closeTimeout());
    }

    /**
     * Loads and watches secrets from the start, even with {@code spring.main.lazy-initialization}. Otherwise, a
     * missing secret would only be noticed late. The same holds for an engine that the settings name, and for the
     * provider.
     */
    @Bean
    static LazyInitializationExcludeFilter declaredSecretsLazyInitializationExcludeFilter() {
        return LazyInitializationExcludeFilter.forBeanTypes(
                DeclaredSecrets.class, SecretWatch.class, ProviderRegistration.class, ChosenEngine.class);
    }

    @Bean
    @ConditionalOnMissingBean(value = SecretStore.class, search = SearchStrategy.CURRENT)
    SecretStore secretStore(DeclaredSecrets declaredSecrets) {
        return declaredSecrets.asStore();
    }
}
