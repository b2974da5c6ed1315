package io.securememory.spring.boot.autoconfigure.credentials;

import com.mongodb.MongoCredential;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemoryCredentialsProperties;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of MongoDB's client with a declared secret as the password, which is taken when the client is made.
 *
 * <p>The name of the user stays where it is: {@code spring.mongodb.username}, or in {@code spring.mongodb.uri}.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = "org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration")
@ConditionalOnClass({MongoCredential.class, MongoClientSettingsBuilderCustomizer.class})
@ConditionalOnProperty(SecureMemoryMongoAutoConfiguration.PROPERTY)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryCredentialsProperties.class)
public final class SecureMemoryMongoAutoConfiguration {

    static final String PROPERTY = SecureMemoryCredentialsProperties.PREFIX + ".mongodb";

    /** For the container. */
    SecureMemoryMongoAutoConfiguration() {}

    @Bean
    MongoHandOver secureMemoryMongoHandOver(Environment environment, ConfigurableListableBeanFactory beans) {
        DeclaredCredential credential = DeclaredCredential.of(PROPERTY, environment, beans);
        credential.warnOfPlainPassword(environment, "spring.mongodb.password");
        return new MongoHandOver(credential, beans);
    }
}
