package io.securememory.spring.boot.autoconfigure.credentials;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of a check that a client which gets a declared secret is on the class path. Otherwise the property would
 * do nothing, and nobody would be told.
 */
@AutoConfiguration(after = SecureMemoryAutoConfiguration.class)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
public final class SecureMemoryClientsAutoConfiguration {

    /** For the container. */
    SecureMemoryClientsAutoConfiguration() {}

    /** At the end of the start, when other failures that explain more were seen. */
    @Bean
    static SmartInitializingSingleton secureMemoryClientCheck(
            Environment environment, ConfigurableListableBeanFactory beans) {
        return () -> check(environment, beans);
    }

    private static void check(Environment environment, ConfigurableListableBeanFactory beans) {
        for (Client client : Client.ALL) {
            if (client.isSet(environment) && !client.isPresent(beans.getBeanClassLoader())) {
                throw Unasked.failure(
                        "The property " + client.property() + " is set, and " + client.title()
                                + " is not on the class path.",
                        "Add " + client.artifact() + " to the dependencies, or remove the property.");
            }
        }
    }
}
