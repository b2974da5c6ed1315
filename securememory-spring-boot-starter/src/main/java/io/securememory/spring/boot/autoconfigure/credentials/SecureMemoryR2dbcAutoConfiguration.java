package io.securememory.spring.boot.autoconfigure.credentials;

import io.r2dbc.spi.ConnectionFactory;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemoryCredentialsProperties;
import io.securememory.spring.boot.watch.SecretWatch;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.r2dbc.ConnectionFactoryDecorator;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of R2DBC with a declared secret as the password, which the driver of PostgreSQL gets only while it opens a
 * connection.
 *
 * <p>The name of the user and the address stay where they are: {@code spring.r2dbc.username} and {@code .url}.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = "org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration")
@ConditionalOnClass({
    ConnectionFactory.class,
    ConnectionFactoryDecorator.class,
    ConnectionFactoryOptionsBuilderCustomizer.class
})
@ConditionalOnProperty(SecureMemoryR2dbcAutoConfiguration.PROPERTY)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryCredentialsProperties.class)
public final class SecureMemoryR2dbcAutoConfiguration {

    static final String PROPERTY = SecureMemoryCredentialsProperties.PREFIX + ".r2dbc";

    /** For the container. */
    SecureMemoryR2dbcAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    R2dbcHandOver secureMemoryR2dbcHandOver(
            SecureMemoryCredentialsProperties properties,
            SecretStore secrets,
            SecretWatch secretWatch,
            Environment environment,
            ConfigurableListableBeanFactory beans) {
        DeclaredCredential credential = DeclaredCredential.find(PROPERTY, properties.r2dbc(), secrets);
        credential.warnOfPlainPassword(environment, "spring.r2dbc.password");
        PasswordState state = new PasswordState("The database of R2DBC", credential);
        secretWatch.add(state);
        return new R2dbcHandOver(credential, state, beans);
    }
}
