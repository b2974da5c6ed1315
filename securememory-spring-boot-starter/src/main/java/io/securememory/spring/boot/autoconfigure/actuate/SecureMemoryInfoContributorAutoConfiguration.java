package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.autoconfigure.ChosenEngine;
import io.securememory.spring.boot.autoconfigure.ProtectionCheck;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the part {@code secureMemory} of the actuator endpoint {@code info}.
 *
 * <p>Off unless {@code management.info.securememory.enabled=true}, like everything that Spring Boot itself shows there about
 * the machine, because this endpoint is often open to everyone.
 */
@AutoConfiguration(after = SecureMemoryAutoConfiguration.class)
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnBean(
        value = {SecureMemory.class, SecureMemorySettings.class},
        search = SearchStrategy.CURRENT)
public final class SecureMemoryInfoContributorAutoConfiguration {

    /** For the container. */
    SecureMemoryInfoContributorAutoConfiguration() {}

    @Bean
    @ConditionalOnEnabledInfoContributor(value = "securememory", fallback = InfoContributorFallback.DISABLE)
    @ConditionalOnMissingBean(value = SecureMemoryInfoContributor.class, search = SearchStrategy.CURRENT)
    SecureMemoryInfoContributor secureMemoryInfoContributor(
            SecureMemory secureMemory, ProtectionCheck protectionCheck, ChosenEngine chosenEngine) {
        return new SecureMemoryInfoContributor(secureMemory, protectionCheck, chosenEngine);
    }
}
