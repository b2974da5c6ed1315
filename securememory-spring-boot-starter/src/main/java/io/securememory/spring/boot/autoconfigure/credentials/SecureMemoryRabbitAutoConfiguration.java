package io.securememory.spring.boot.autoconfigure.credentials;

import com.rabbitmq.client.impl.CredentialsProvider;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemoryCredentialsProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the connection factory of RabbitMQ with a declared secret as the password, which is asked for by each
 * connection.
 *
 * <p>The name of the user stays where it is: {@code spring.rabbitmq.username}.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration")
@ConditionalOnClass({CredentialsProvider.class, RabbitConnectionDetails.class})
@ConditionalOnProperty(SecureMemoryRabbitAutoConfiguration.PROPERTY)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryCredentialsProperties.class)
public final class SecureMemoryRabbitAutoConfiguration {

    static final String PROPERTY = SecureMemoryCredentialsProperties.PREFIX + ".rabbitmq";

    /** For the container. */
    SecureMemoryRabbitAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(value = CredentialsProvider.class, search = SearchStrategy.CURRENT)
    RabbitHandOver secureMemoryRabbitHandOver(
            ConfigurableListableBeanFactory beans,
            Environment environment,
            ObjectProvider<RabbitConnectionDetails> details) {
        DeclaredCredential credential = DeclaredCredential.of(PROPERTY, environment, beans);
        credential.warnOfPlainPassword(environment, "spring.rabbitmq.password");
        return new RabbitHandOver(credential, details, beans);
    }
}
