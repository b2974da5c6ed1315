package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.ChosenEngine;
import io.securememory.spring.boot.autoconfigure.ProviderRegistration;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemorySslProperties;
import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.watch.SecretWatch;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;

/** Auto-configuration of SSL bundles whose private keys are declared secrets. */
@AutoConfiguration(after = SecureMemoryAutoConfiguration.class, before = SslAutoConfiguration.class)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemorySslProperties.class)
public final class SecureMemorySslAutoConfiguration {

    /** For the container. */
    SecureMemorySslAutoConfiguration() {}

    @Bean
    @SuppressWarnings("checkstyle:ParameterNumber")
    @ConditionalOnMissingBean(name = "secretSslBundles", search = SearchStrategy.CURRENT)
    SecretSslBundles secretSslBundles(
            SecureMemorySslProperties properties,
            SecretStore secrets,
            DeclaredSecrets declaredSecrets,
            SecretWatch secretWatch,
            ResourceLoader resources,
            SecureMemory secureMemory,
            ChosenEngine chosenEngine,
            ProviderRegistration registration) {
        return new SecretSslBundles(
                properties,
                secrets,
                declaredSecrets,
                secretWatch,
                resources,
                new OpaqueKeys(secureMemory.secrets(Storage.SEALED), chosenEngine::get),
                registration.provider(),
                InstantSource.system());
    }
}
