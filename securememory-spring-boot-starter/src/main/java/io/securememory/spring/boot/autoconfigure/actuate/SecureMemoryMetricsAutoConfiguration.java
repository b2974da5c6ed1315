package io.securememory.spring.boot.autoconfigure.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.watch.SecretWatch;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the metrics {@code securememory.*}. */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass({MeterRegistry.class, MeterBinder.class})
@ConditionalOnBean(
        value = {SecureMemory.class, SecureMemorySettings.class},
        search = SearchStrategy.CURRENT)
public final class SecureMemoryMetricsAutoConfiguration {

    /** For the container. */
    SecureMemoryMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnBean(MeterRegistry.class)
    @ConditionalOnMissingBean(name = "secureMemoryMeterBinder", search = SearchStrategy.CURRENT)
    SecureMemoryMeterBinder secureMemoryMeterBinder(SecureMemory secureMemory) {
        return new SecureMemoryMeterBinder(secureMemory::status);
    }

    @Bean
    @ConditionalOnBean({MeterRegistry.class, DeclaredSecrets.class})
    @ConditionalOnMissingBean(name = "secretRotationMeterBinder", search = SearchStrategy.CURRENT)
    SecretRotationMeterBinder secretRotationMeterBinder(DeclaredSecrets declaredSecrets) {
        return new SecretRotationMeterBinder(declaredSecrets.rotations());
    }

    @Bean
    @ConditionalOnBean({MeterRegistry.class, SecretWatch.class})
    @ConditionalOnMissingBean(name = "secretWatchMeterBinder", search = SearchStrategy.CURRENT)
    WatchMeterBinder secretWatchMeterBinder(SecretWatch secretWatch) {
        return new WatchMeterBinder(secretWatch::statuses);
    }
}
