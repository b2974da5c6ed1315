package io.securememory.spring.boot.autoconfigure.credentials;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemoryCredentialsProperties;
import jakarta.mail.Transport;
import java.util.Objects;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of the mail sender with a declared secret as the password, which is asked for by each connection.
 *
 * <p>The name of the user stays where it is: {@code spring.mail.username}.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = "org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration")
@ConditionalOnClass({JavaMailSenderImpl.class, MailSenderAutoConfiguration.class, Transport.class})
@ConditionalOnProperty(SecureMemoryMailAutoConfiguration.PROPERTY)
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryCredentialsProperties.class)
public final class SecureMemoryMailAutoConfiguration {

    static final String PROPERTY = SecureMemoryCredentialsProperties.PREFIX + ".mail";

    /** For the container. */
    SecureMemoryMailAutoConfiguration() {}

    /** Static, because the container creates it before any other bean. */
    @Bean
    static ClientPostProcessor<JavaMailSenderImpl> secureMemoryMailHandOver(
            ConfigurableListableBeanFactory beans, Environment environment) {
        return new ClientPostProcessor<>(
                JavaMailSenderImpl.class,
                "org.springframework.boot.mail.autoconfigure.MailSenderPropertiesConfiguration",
                PROPERTY,
                "Use the mail sender of Spring Boot, by spring.mail.host and without spring.mail.jndi-name. For a mail sender"
                        + " of your own, remove the property and override JavaMailSenderImpl.getPassword.",
                beans,
                sender -> handOver(sender, DeclaredCredential.of(PROPERTY, environment, beans), environment));
    }

    private static JavaMailSenderImpl handOver(
            JavaMailSenderImpl given, DeclaredCredential credential, Environment environment) {
        credential.warnOfPlainPassword(environment, "spring.mail.password");
        if (!StringUtils.hasText(given.getUsername())) {
            throw credential.noUser("spring.mail.username");
        }
        return new LateMailSender(given, credential);
    }

    /**
     * A sender that asks for the password when it connects. An authenticator of the session would be asked late, too, but the
     * session would keep what it says.
     */
    private static final class LateMailSender extends JavaMailSenderImpl {

        private final DeclaredCredential credential;

        LateMailSender(JavaMailSenderImpl given, DeclaredCredential credential) {
            this.credential = credential;
            setJavaMailProperties(given.getJavaMailProperties());
            setProtocol(given.getProtocol());
            setHost(given.getHost());
            setPort(given.getPort());
            setUsername(given.getUsername());
            setDefaultEncoding(given.getDefaultEncoding());
            setDefaultFileTypeMap(Objects.requireNonNull(given.getDefaultFileTypeMap()));
        }

        @Override
        public String getPassword() {
            return credential.text();
        }
    }
}
