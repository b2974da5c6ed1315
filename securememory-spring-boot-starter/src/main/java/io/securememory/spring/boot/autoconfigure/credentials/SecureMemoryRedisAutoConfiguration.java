package io.securememory.spring.boot.autoconfigure.credentials;

import io.lettuce.core.ClientOptions.ReauthenticateBehavior;
import io.lettuce.core.RedisClient;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemoryCredentialsProperties;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of Lettuce, the client of Redis, with a declared secret as the password, which is asked for by each
 * connection and sent again by open ones after a rotation.
 *
 * <p>The name of the user stays where it is: {@code spring.data.redis.username}.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass({RedisClient.class, LettuceClientConfigurationBuilderCustomizer.class})
@ConditionalOnProperty(SecureMemoryRedisAutoConfiguration.PROPERTY)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryCredentialsProperties.class)
public final class SecureMemoryRedisAutoConfiguration {

    static final String PROPERTY = SecureMemoryCredentialsProperties.PREFIX + ".redis";

    /** For the container. */
    SecureMemoryRedisAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    RedisHandOver secureMemoryRedisHandOver(
            SecureMemoryCredentialsProperties properties,
            SecretStore secrets,
            Environment environment,
            ConfigurableListableBeanFactory beans) {
        DeclaredCredential credential = DeclaredCredential.find(PROPERTY, properties.redis(), secrets);
        credential.warnOfPlainPassword(environment, "spring.data.redis.password");
        return new RedisHandOver(credential, beans);
    }

    /** Comes first, so that a customizer of the application can turn it off. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    LettuceClientOptionsBuilderCustomizer secureMemoryRedisReauthentication() {
        return options -> options.reauthenticateBehavior(ReauthenticateBehavior.ON_NEW_CREDENTIALS);
    }
}
