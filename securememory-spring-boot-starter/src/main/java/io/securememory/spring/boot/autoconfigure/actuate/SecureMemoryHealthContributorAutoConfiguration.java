package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.autoconfigure.CanaryViolations;
import io.securememory.spring.boot.autoconfigure.ChosenEngine;
import io.securememory.spring.boot.autoconfigure.ProtectionCheck;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import io.securememory.spring.boot.watch.SecretWatch;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the health indicator {@code securememory}. */
@AutoConfiguration(after = SecureMemoryAutoConfiguration.class, before = HealthContributorAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(
        value = {SecureMemory.class, SecureMemorySettings.class},
        search = SearchStrategy.CURRENT)
@ConditionalOnEnabledHealthIndicator("securememory")
@EnableConfigurationProperties(SecureMemoryEndpointProperties.class)
public final class SecureMemoryHealthContributorAutoConfiguration {

    /** For the container. */
    SecureMemoryHealthContributorAutoConfiguration() {}

    /** The name of the health indicator is the bean's name without its suffix. */
    @Bean
    @ConditionalOnMissingBean(name = "securememoryHealthIndicator", search = SearchStrategy.CURRENT)
    SecureMemoryHealthIndicator securememoryHealthIndicator(
            SecureMemory secureMemory,
            SecretWatch secretWatch,
            CanaryViolations canaryViolations,
            SecureMemorySettings settings,
            SecureMemoryEndpointProperties endpoint,
            ProtectionCheck protectionCheck,
            ChosenEngine chosenEngine) {
        return new SecureMemoryHealthIndicator(
                secureMemory::status,
                new SelfTest(secureMemory),
                settings.lockWarnThreshold(),
                new WatchReport(secretWatch::statuses, endpoint.showNames()),
                canaryViolations,
                () -> chosenEngine.addTo(protectionCheck.last().report()),
                chosenEngine::found);
    }
}
