package io.securememory.spring.boot.autoconfigure.credentials;

import io.securememory.spring.boot.properties.SecureMemoryCredentialsProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * What has to be on the class path for a property to have an effect.
 *
 * @param property names the secret
 * @param title the libraries, for people
 * @param artifact what to add to the dependencies
 * @param classes the ones on which the auto-configuration depends
 */
record Client(String property, String title, String artifact, List<String> classes) {

    /** Those that have an auto-configuration here. */
    static final List<Client> ALL = List.of(
            of("datasource", "HikariCP", "spring-boot-starter-jdbc", "com.zaxxer.hikari.HikariDataSource"),
            of("datasources", "HikariCP", "spring-boot-starter-jdbc", "com.zaxxer.hikari.HikariDataSource"),
            of(
                    "r2dbc",
                    "R2DBC with Spring Boot's auto-configuration of it",
                    "spring-boot-starter-r2dbc",
                    "io.r2dbc.spi.ConnectionFactory",
                    "org.springframework.boot.r2dbc.ConnectionFactoryDecorator"),
            of(
                    "redis",
                    "Lettuce with Spring Boot's auto-configuration of Redis",
                    "spring-boot-starter-data-redis",
                    "io.lettuce.core.RedisClient",
                    "org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer"),
            of(
                    "ldap",
                    "Spring LDAP with Spring Boot's auto-configuration of it",
                    "spring-boot-starter-ldap",
                    "org.springframework.ldap.core.support.LdapContextSource",
                    "org.springframework.boot.ldap.autoconfigure.LdapAutoConfiguration"),
            of(
                    "mail",
                    "Jakarta Mail with Spring Boot's auto-configuration of it",
                    "spring-boot-starter-mail",
                    "jakarta.mail.Transport",
                    "org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration"),
            of(
                    "rabbitmq",
                    "RabbitMQ's client with Spring Boot's auto-configuration of it",
                    "spring-boot-starter-amqp",
                    "com.rabbitmq.client.impl.CredentialsProvider",
                    "org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails"),
            of(
                    "kafka",
                    "Spring Kafka with Spring Boot's auto-configuration of it",
                    "spring-boot-starter-kafka",
                    "org.springframework.kafka.core.KafkaTemplate",
                    "org.springframework.boot.kafka.autoconfigure.KafkaProperties"),
            of(
                    "mongodb",
                    "MongoDB's client with Spring Boot's auto-configuration of it",
                    "spring-boot-starter-mongodb",
                    "com.mongodb.MongoCredential",
                    "org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer"),
            of(
                    "cassandra",
                    "Cassandra's driver with Spring Boot's auto-configuration of it",
                    "spring-boot-starter-cassandra",
                    "com.datastax.oss.driver.api.core.CqlSession",
                    "org.springframework.boot.cassandra.autoconfigure.CqlSessionBuilderCustomizer"));

    private static Client of(String key, String title, String starter, String... classes) {
        return new Client(
                SecureMemoryCredentialsProperties.PREFIX + "." + key,
                title,
                "org.springframework.boot:" + starter,
                List.of(classes));
    }

    /** Tells whether the property has a value, or, if it is a map, an entry. */
    boolean isSet(Environment environment) {
        return environment.containsProperty(property)
                || Binder.get(environment)
                        .bind(property, Bindable.mapOf(String.class, String.class))
                        .isBound();
    }

    boolean isPresent(@Nullable ClassLoader loader) {
        return classes.stream().allMatch(name -> ClassUtils.isPresent(name, loader));
    }
}
