package io.securememory.spring.boot.autoconfigure.lifecycle;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemoryLifecycleProperties;
import io.securememory.spring.boot.watch.SecretWatch;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * Auto-configuration of the events that wipe secrets before their context closes: signals, and checkpoints of the JVM.
 *
 * <p>Resources are notified of a checkpoint in the reverse order of their registration. So this configuration comes
 * before the bean with which Spring stops servers and listeners for a checkpoint: when secrets are counted and wiped,
 * nothing creates new ones any more.
 */
@AutoConfiguration(after = SecureMemoryAutoConfiguration.class, before = LifecycleAutoConfiguration.class)
@ConditionalOnBean(value = SecureMemory.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryLifecycleProperties.class)
public final class SecureMemoryLifecycleAutoConfiguration {

    /** Called by the container. */
    SecureMemoryLifecycleAutoConfiguration() {}

    @Bean
    @Lazy(false)
    @ConditionalOnBooleanProperty("securememory.signals.enabled")
    @ConditionalOnMissingBean(name = "secureMemorySignalPurge", search = SearchStrategy.CURRENT)
    SignalPurge secureMemorySignalPurge(SecureMemory secureMemory, SecureMemoryLifecycleProperties properties) {
        return new SignalPurge(secureMemory, properties.signals().names());
    }

    /** A separate class, so that it is not loaded if CRaC's interface is missing. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.crac.Resource")
    static class CheckpointConfiguration {

        @Bean
        @Lazy(false)
        @ConditionalOnMissingBean(name = "secureMemoryCheckpointGuard", search = SearchStrategy.CURRENT)
        CheckpointGuard secureMemoryCheckpointGuard(
                SecureMemory secureMemory,
                SecretStore secretStore,
                ObjectProvider<SecretWatch> secretWatch,
                SecureMemoryLifecycleProperties properties) {
            return new CheckpointGuard(secureMemory, secretStore, secretWatch.getIfAvailable(), properties.checkpoint())
                    .register();
        }
    }
}
