package io.securememory.spring.boot.autoconfigure.credentials;

import com.zaxxer.hikari.HikariDataSource;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of HikariCP's pools with declared secrets as passwords, which a driver gets only while it opens a
 * connection. After a rotation, a pool replaces its connections without a failed request.
 *
 * <p>The name of the user and the address stay where they are: {@code spring.datasource.username} and {@code .url}.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass(HikariDataSource.class)
@Conditional(SecureMemoryJdbcAutoConfiguration.OnProperty.class)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
public final class SecureMemoryJdbcAutoConfiguration {

    /** For the container. */
    SecureMemoryJdbcAutoConfiguration() {}

    @Bean
    static JdbcHandOver secureMemoryJdbcHandOver(ConfigurableListableBeanFactory beans, Environment environment) {
        return new JdbcHandOver(beans, environment);
    }

    /** For one data source, or for several. */
    static final class OnProperty extends AnyNestedCondition {

        OnProperty() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty(JdbcHandOver.PROPERTY)
        static final class One {}

        @Conditional(OnDataSources.class)
        static final class Several {}
    }
}
