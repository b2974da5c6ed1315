package io.securememory.spring.boot.properties;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which declared secret is the password of which client. Each value is the name of a secret, never the secret itself.
 *
 * @param datasource Name of the declared secret that is the password of the JDBC data source.
 * @param datasources Names of declared secrets that are passwords of JDBC data sources, by the name of the data source's bean,
 *     for applications that have several.
 * @param r2dbc Name of the declared secret that is the password of the R2DBC connection factory.
 * @param redis Name of the declared secret that is the password of Redis.
 * @param kafka Name of the declared secret that is the password of Kafka's clients.
 * @param ldap Name of the declared secret that is the password of the LDAP context source.
 * @param mail Name of the declared secret that is the password of the mail server.
 * @param rabbitmq Name of the declared secret that is the password of RabbitMQ.
 * @param mongodb Name of the declared secret that is the password of MongoDB.
 * @param cassandra Name of the declared secret that is the password of Cassandra.
 */
@ConfigurationProperties(SecureMemoryCredentialsProperties.PREFIX)
public record SecureMemoryCredentialsProperties(
        @Nullable String datasource,
        @DefaultValue Map<String, String> datasources,
        @Nullable String r2dbc,
        @Nullable String redis,
        @Nullable String kafka,
        @Nullable String ldap,
        @Nullable String mail,
        @Nullable String rabbitmq,
        @Nullable String mongodb,
        @Nullable String cassandra) {

    /** Prefix of these properties. */
    public static final String PREFIX = "securememory.credentials";

    /** Copies the map. */
    public SecureMemoryCredentialsProperties {
        datasources = Map.copyOf(datasources);
    }

    /** Leaves out the names, because someone may have written a secret itself there by mistake. */
    @Override
    public String toString() {
        return "SecureMemoryCredentialsProperties[datasources of " + datasources.keySet() + "]";
    }
}
