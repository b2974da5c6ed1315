package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.CanaryViolations;
import io.securememory.spring.boot.autoconfigure.ChosenEngine;
import io.securememory.spring.boot.autoconfigure.ProtectionCheck;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.watch.SecretWatch;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.management.HeapDumpWebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the actuator endpoints {@code securememory} and {@code securememorypurge}, and of a warning about the
 * endpoint {@code heapdump}.
 */
@AutoConfiguration(after = SecureMemoryAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(
        value = {SecureMemory.class, SecureMemorySettings.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryEndpointProperties.class)
public final class SecureMemoryEndpointAutoConfiguration {

    /** For the container. */
    SecureMemoryEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnMissingBean(value = SecureMemoryEndpoint.class, search = SearchStrategy.CURRENT)
    SecureMemoryEndpoint secureMemoryEndpoint(
            SecureMemory secureMemory,
            SecretStore secretStore,
            SecretWatch secretWatch,
            ProtectionCheck protectionCheck,
            ChosenEngine chosenEngine,
            ObjectProvider<DeclaredSecrets> declaredSecrets,
            SecureMemoryEndpointProperties properties) {
        DeclaredSecrets declared = declaredSecrets.getIfAvailable();
        return new SecureMemoryEndpoint(
                secureMemory,
                secretStore,
                declared == null ? Set.of() : declared.generated(),
                new WatchReport(secretWatch::statuses, properties.showNames()),
                protectionCheck,
                chosenEngine);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnMissingBean(value = SecureMemoryPurgeEndpoint.class, search = SearchStrategy.CURRENT)
    SecureMemoryPurgeEndpoint secureMemoryPurgeEndpoint(SecureMemory secureMemory, CanaryViolations canaryViolations) {
        return new SecureMemoryPurgeEndpoint(secureMemory, canaryViolations);
    }

    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = HeapDumpWebEndpoint.class, exposure = EndpointExposure.WEB)
    @ConditionalOnMissingBean(name = "secureMemoryHeapDumpWarning", search = SearchStrategy.CURRENT)
    HeapDumpWarning secureMemoryHeapDumpWarning() {
        return new HeapDumpWarning();
    }
}
