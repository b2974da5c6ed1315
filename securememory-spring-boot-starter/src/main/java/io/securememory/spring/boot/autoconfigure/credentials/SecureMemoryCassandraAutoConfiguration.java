package io.securememory.spring.boot.autoconfigure.credentials;

import com.datastax.oss.driver.api.core.CqlSession;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemoryCredentialsProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.cassandra.autoconfigure.CassandraConnectionDetails;
import org.springframework.boot.cassandra.autoconfigure.CqlSessionBuilderCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the session of Cassandra with a declared secret as the password, which is asked for by each connection.
 *
 * <p>The name of the user stays where it is: {@code spring.cassandra.username}.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = "org.springframework.boot.cassandra.autoconfigure.CassandraAutoConfiguration")
@ConditionalOnClass({CqlSession.class, CqlSessionBuilderCustomizer.class})
@ConditionalOnProperty(SecureMemoryCassandraAutoConfiguration.PROPERTY)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryCredentialsProperties.class)
public final class SecureMemoryCassandraAutoConfiguration {

    static final String PROPERTY = SecureMemoryCredentialsProperties.PREFIX + ".cassandra";

    /** For the container. */
    SecureMemoryCassandraAutoConfiguration() {}

    @Bean
    CassandraHandOver secureMemoryCassandraHandOver(
            Environment environment,
            ObjectProvider<CassandraConnectionDetails> details,
            ConfigurableListableBeanFactory beans) {
        DeclaredCredential credential = DeclaredCredential.of(PROPERTY, environment, beans);
        credential.warnOfPlainPassword(environment, "spring.cassandra.password");
        return new CassandraHandOver(credential, details, beans);
    }
}
