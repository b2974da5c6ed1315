package io.securememory.spring.boot.autoconfigure.credentials;

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
import org.springframework.boot.ldap.autoconfigure.LdapAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.ldap.core.AuthenticationSource;
import org.springframework.ldap.core.support.LdapContextSource;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of the context source of LDAP with a declared secret as the password, which is asked for by each
 * connection.
 *
 * <p>The name of the user stays where it is: {@code spring.ldap.username}.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = "org.springframework.boot.ldap.autoconfigure.LdapAutoConfiguration")
@ConditionalOnClass({LdapContextSource.class, LdapAutoConfiguration.class})
@ConditionalOnProperty(SecureMemoryLdapAutoConfiguration.PROPERTY)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryCredentialsProperties.class)
public final class SecureMemoryLdapAutoConfiguration {

    static final String PROPERTY = SecureMemoryCredentialsProperties.PREFIX + ".ldap";

    /** For the container. */
    SecureMemoryLdapAutoConfiguration() {}

    /** Static, because the container creates it before any other bean. */
    @Bean
    static ClientPostProcessor<LdapContextSource> secureMemoryLdapHandOver(
            ConfigurableListableBeanFactory beans, Environment environment) {
        return new ClientPostProcessor<>(
                LdapContextSource.class,
                LdapAutoConfiguration.class.getName(),
                PROPERTY,
                "Use the LdapContextSource of Spring Boot. Give a context source of your own an AuthenticationSource that"
                        + " reads the secret, and remove the property.",
                beans,
                source -> handOver(source, DeclaredCredential.of(PROPERTY, environment, beans), environment));
    }

    private static LdapContextSource handOver(
            LdapContextSource source, DeclaredCredential credential, Environment environment) {
        credential.warnOfPlainPassword(environment, "spring.ldap.password");
        String user = source.getAuthenticationSource().getPrincipal();
        if (!StringUtils.hasText(user)) {
            throw credential.noUser("spring.ldap.username");
        }
        source.setAuthenticationSource(new LateAuthentication(user, credential));
        return source;
    }

    /** The API of JNDI takes a String or an array of bytes; that of Spring LDAP takes a String. */
    private record LateAuthentication(String principal, DeclaredCredential credential) implements AuthenticationSource {

        @Override
        public String getPrincipal() {
            return principal;
        }

        @Override
        public String getCredentials() {
            return credential.text();
        }
    }
}
