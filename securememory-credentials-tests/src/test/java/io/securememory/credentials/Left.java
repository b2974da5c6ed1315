package io.securememory.credentials;

import com.datastax.oss.driver.api.core.CqlSession;
import com.mongodb.MongoCredential;
import com.rabbitmq.client.ConnectionFactory;
import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.Driver;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.ldap.core.LdapTemplate;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.http.client.HttpClient;

/** Hand-overs, each with a use of the secret. Each is a row of the table. */
enum Left {
    POSTGRESQL(
            "PostgreSQL: `securememory.credentials.datasource`, after two connections",
            JdbcUse::postgresql,
            HikariDataSource.class,
            Driver.class),
    H2(
            "H2: `securememory.credentials.datasource`, after two connections",
            JdbcUse::h2,
            HikariDataSource.class,
            JdbcDataSource.class),
    HIKARI_PROVIDER(
            "not of this starter, for comparison: H2 and HikariCP's own `HikariCredentialsProvider`",
            JdbcUse::provider,
            HikariDataSource.class,
            JdbcDataSource.class),
    R2DBC(
            "R2DBC with PostgreSQL: `securememory.credentials.r2dbc`, after two connections",
            R2dbcUse::of,
            PostgresqlConnectionFactory.class),
    REDIS("Redis: `securememory.credentials.redis`, after two connections", RedisUse::of, RedisClient.class),
    BEARER(
            "HTTP: `AuthorizedRequests.bearer` with `RestClient` and the client of the JDK, after three requests",
            HttpUse::bearer,
            RestClient.class),
    BEARER_NETTY(
            "HTTP: `AuthorizedRequests.bearer` with `WebClient` and Netty, after three requests",
            HttpUse::bearerByNetty,
            WebClient.class,
            HttpClient.class),
    BASIC(
            "HTTP: `AuthorizedRequests.basic` with `RestClient` and the client of the JDK, after three requests",
            HttpUse::basic,
            RestClient.class),
    SIGNED(
            "HTTP: `AuthorizedRequests.signed` with `RestClient` and the client of the JDK, after three requests",
            HttpUse::signed,
            RestClient.class),
    PEPPER(
            "Passwords of users: `PepperedPasswordEncoder`, after a hash and a comparison",
            PepperUse::of,
            PasswordEncoder.class),
    LDAP("LDAP: `securememory.credentials.ldap`, after three requests", LdapUse::of, LdapTemplate.class),
    MAIL(
            "mail: `securememory.credentials.mail`, after two messages",
            MailUse::of,
            JavaMailSender.class,
            SMTPTransport.class),
    RABBIT(
            "RabbitMQ: `securememory.credentials.rabbitmq`, after two connections",
            RabbitUse::of,
            ConnectionFactory.class),
    KAFKA(
            "Kafka: `securememory.credentials.kafka` with SCRAM, after two messages",
            KafkaUse::of,
            KafkaTemplate.class,
            KafkaProducer.class),
    MONGO(
            "MongoDB: `securememory.credentials.mongodb`, a client that finds no server",
            MongoUse::of,
            MongoCredential.class),
    CASSANDRA(
            "Cassandra: `securememory.credentials.cassandra`, after two connections",
            CassandraUse::of,
            CqlSession.class);

    /** Uses a secret. */
    @FunctionalInterface
    interface Use {

        /**
         * Uses the secret.
         *
         * @param address where the server is, or empty
         * @return what an application keeps for as long as it runs
         */
        Object of(Path secret, String address) throws Exception;
    }

    private final String what;
    private final Use use;
    private final Class<?>[] libraries;

    Left(String what, Use use, Class<?>... libraries) {
        this.what = what;
        this.use = use;
        this.libraries = libraries;
    }

    String what() {
        return what;
    }

    String with() {
        return Library.namesOf(libraries);
    }

    Path secret(Path directory) {
        return directory.resolve(name());
    }

    Object use(Path directory, String address) throws Exception {
        return use.of(secret(directory), address);
    }
}
