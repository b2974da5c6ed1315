package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import io.securememory.test.ResidueSearch;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the actuator endpoint {@code securememoryresidue}, if {@code securememory-test} is there. */
@AutoConfiguration(after = SecureMemoryAutoConfiguration.class)
@ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class, ResidueSearch.class})
@ConditionalOnAvailableEndpoint(endpoint = SecureMemoryResidueEndpoint.class)
@ConditionalOnBean(
        value = {SecureMemory.class, SecureMemorySettings.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties({SecureMemoryEndpointProperties.class, SecureMemoryResidueProperties.class})
public final class SecureMemoryResidueEndpointAutoConfiguration {

    /** For the container. */
    SecureMemoryResidueEndpointAutoConfiguration() {}

    /** The session is a dependency, so that a search is told to end before the session is closed. */
    @Bean
    @ConditionalOnMissingBean(value = ResidueSearches.class, search = SearchStrategy.CURRENT)
    ResidueSearches secureMemoryResidueSearches(SecureMemory secureMemory, SecureMemoryResidueProperties properties) {
        return new ResidueSearches(properties.timeLimit(), ResidueSearch::run);
    }

    @Bean
    @ConditionalOnMissingBean(value = SecureMemoryResidueEndpoint.class, search = SearchStrategy.CURRENT)
    SecureMemoryResidueEndpoint secureMemoryResidueEndpoint(
            SecretStore secretStore, ResidueSearches searches, SecureMemoryEndpointProperties properties) {
        return new SecureMemoryResidueEndpoint(secretStore, searches, properties.showNames());
    }
}
