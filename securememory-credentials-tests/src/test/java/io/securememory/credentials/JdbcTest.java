package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A pool opens connections to a real server with the password that is right at the moment. */
@OnceInShortForm
@ExtendWith(OutputCaptureExtension.class)
class JdbcTest {

    private static final String PACKAGE = "org.springframework.boot.jdbc";
    private static final int ROTATIONS = 6;
    private static final int REQUESTS = 50;

    @TempDir
    static Path directory;

    private static PostgresServer server;
    private static Path file;

    private String current = SecretText.random();

    @BeforeAll
    static void begin() throws IOException {
        server = PostgresServer.start(SecretText.random());
        file = directory.resolve("password");
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void startWithTheRightPassword() throws IOException {
        server.setPassword(current);
        SecretText.write(file, current);
    }

    private static ConfigurableApplicationContext start(List<Class<?>> more, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "spring.datasource.url=" + server.url(),
                "spring.datasource.username=" + PostgresServer.USER,
                "spring.datasource.hikari.maximum-pool-size=4",
                "spring.datasource.hikari.connection-timeout=" + Await.LIMIT.toMillis()));
        for (String property : properties) { // One given twice would be a list.
            String name = property.substring(0, property.indexOf('=') + 1);
            all.removeIf(other -> other.startsWith(name));
            all.add(property);
        }
        return Contexts.start(file, "datasource", PACKAGE, more, all.toArray(String[]::new));
    }

    private static int ask(ConfigurableApplicationContext context) {
        return context.getBean(JdbcTemplate.class).queryForObject("SELECT 42", Integer.class);
    }

    private static void reload(ConfigurableApplicationContext context) {
        assertThat(context.getBean(SecretStore.class).reload(Contexts.SECRET)).isTrue();
    }

    /** Not by the pool, which tries for long. */
    private static void connect(ConfigurableApplicationContext context) throws SQLException {
        try (Connection connection =
                context.getBean(HikariDataSource.class).getDataSource().getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void noRequestFailsWhileThePasswordIsReplacedOnBothSides(CapturedOutput output) throws Exception {
        String plain = SecretText.random();
        try (ConfigurableApplicationContext context = start(List.of(), "spring.datasource.password=" + plain)) {
            assertThat(output)
                    .contains("spring.datasource.password is set as well as securememory.credentials.datasource")
                    .doesNotContain(plain);
            List<Exception> failures;
            long done;
            try (Load load = Load.of(() -> ask(context))) {
                load.awaitMore(REQUESTS);
                for (int i = 0; i < ROTATIONS; i++) {
                    rotate(context, i % 2 == 0);
                    load.awaitMore(REQUESTS);
                }
                done = load.done();
                failures = load.failures();
            }
            System.out.println(done + " requests to PostgreSQL and " + ROTATIONS + " rotations");
            assertThat(failures).isEmpty();
            assertThat(output).doesNotContain(current);
        }
    }

    private void rotate(ConfigurableApplicationContext context, boolean serverFirst) throws IOException {
        String next = SecretText.random();
        if (serverFirst) {
            server.setPassword(next);
        }
        SecretText.write(file, next);
        reload(context);
        if (!serverFirst) {
            server.setPassword(next);
        }
        current = next;
    }

    @Test
    void aRefusedPasswordKeepsTheOldOneInUseWithinItsGrace(CapturedOutput output) throws Exception {
        String grace = "securememory.secrets." + Contexts.SECRET + ".grace-period=1d";
        try (ConfigurableApplicationContext context = start(List.of(), grace)) {
            assertThat(ask(context)).isEqualTo(42);
            String wrong = SecretText.random();
            SecretText.write(file, wrong);
            reload(context);

            connect(context);
            connect(context);

            assertThat(output)
                    .containsOnlyOnce("The database of the pool 'dataSource' refuses the newest version of the secret '"
                            + Contexts.SECRET
                            + "' (securememory.credentials.datasource). An older version is in use until"
                            + " its grace ends.")
                    .doesNotContain(wrong);

            server.setPassword(wrong);
            connect(context);
            assertThat(output).contains("takes the newest version of the secret '" + Contexts.SECRET + "'");
            assertThat(ask(context)).isEqualTo(42);
        }
    }

    @Test
    void aRefusedPasswordWithoutGraceIsSaidAndTriedAgain(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = start(List.of())) {
            assertThat(ask(context)).isEqualTo(42);
            String wrong = SecretText.random();
            SecretText.write(file, wrong);
            reload(context);

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> connect(context))
                    .satisfies(failure -> assertThat(failure.getSQLState()).startsWith("28"))
                    .withMessageNotContaining(wrong);

            assertThat(output)
                    .contains("No connection can be opened with it. It is tried again.")
                    .doesNotContain(wrong);
            assertThat(ask(context)).as("by a connection that was open before").isEqualTo(42);
            assertThat(output).doesNotContain("replaces its connections");
            server.setPassword(wrong);
            Await.until(
                    "new connections",
                    () -> output.getAll().contains("The pool 'dataSource' replaces its connections"));
            assertThat(output).contains("takes the newest version");
            assertThat(ask(context)).isEqualTo(42);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Unpooled {
        @Bean
        DataSource unpooled() {
            return new DriverManagerDataSource(server.url(), PostgresServer.USER, "any");
        }
    }

    @Test
    void aDataSourceThatDoesNotAskFailsTheStart() {
        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> start(List.of(Unpooled.class)).close())
                .withMessageContaining("securememory.credentials.datasource")
                .withMessageContaining("'unpooled' of " + DriverManagerDataSource.class.getName())
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("Use HikariCP");
    }

    @Configuration(proxyBeanMethods = false)
    static class Two {
        private static HikariDataSource pool() {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl(server.url());
            pool.setUsername(PostgresServer.USER);
            pool.setMaximumPoolSize(1);
            return pool;
        }

        @Bean
        HikariDataSource orders() {
            return pool();
        }

        @Bean
        HikariDataSource stock() {
            return pool();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneIsPrimary {
        @Bean
        @Primary
        HikariDataSource orders() {
            return Two.pool();
        }

        @Bean
        HikariDataSource stock() {
            return Two.pool();
        }
    }

    @Test
    void ofSeveralDataSourcesEachHasAName() throws Exception {
        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> start(List.of(Two.class)).close())
                .withMessageContaining("several data sources: [orders, stock]")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("securememory.credentials.datasources.<name of the bean>");
        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> start(
                                List.of(OneIsPrimary.class),
                                "securememory.credentials.datasources.missing=" + Contexts.SECRET)
                        .close())
                .withMessageContaining("securememory.credentials.datasources.missing is set")
                .withMessageContaining("[orders, stock]");
        try (ConfigurableApplicationContext context =
                start(List.of(OneIsPrimary.class), "securememory.credentials.datasources.stock=" + Contexts.SECRET)) {
            for (HikariDataSource pool :
                    context.getBeansOfType(HikariDataSource.class).values()) {
                try (Connection connection = pool.getConnection()) {
                    assertThat(connection.isValid(5)).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://127.0.0.1/shop?user=app&password=%s",
                "jdbc:sqlserver://127.0.0.1;user=app;Password=%s",
                "jdbc:mysql://app:%s@127.0.0.1/shop",
                "jdbc:oracle:thin:app/%s@//127.0.0.1/shop"
            })
    void aPasswordInTheAddressFailsTheStart(String address) {
        String plain = SecretText.random();
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> start(
                                List.of(),
                                "spring.datasource.url=" + address.formatted(plain),
                                "spring.datasource.driver-class-name=org.postgresql.Driver")
                        .close())
                .satisfies(failure -> assertThat(failure)
                        .rootCause()
                        .isInstanceOf(DeclaredSecretException.class)
                        .hasMessageContaining("its address has a password")
                        .hasMessageNotContaining(plain));
    }

    @Configuration(proxyBeanMethods = false)
    static class OfAClass {
        @Bean
        HikariDataSource pool() {
            HikariDataSource pool = new HikariDataSource();
            pool.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
            return pool;
        }
    }

    @Test
    void aPoolWithoutAnAddressFailsTheStart() {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> start(List.of(OfAClass.class)).close())
                .satisfies(failure -> assertThat(failure)
                        .rootCause()
                        .isInstanceOf(DeclaredSecretException.class)
                        .hasMessageContaining("the pool 'pool': it has no address"));
    }

    @Test
    void aPurgeIsSaidToWhoeverConnects() throws Exception {
        try (ConfigurableApplicationContext context = start(List.of())) {
            assertThat(ask(context)).isEqualTo(42);
            context.getBean(SecureMemory.class).purge();
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> connect(context))
                    .withMessageContaining("The password of the database is closed or purged");
            reload(context);
            connect(context);
        }
    }

    @Test
    void otherDriversTakeCharactersOrText() throws Exception {
        try (ConfigurableApplicationContext context = start(
                List.of(),
                "spring.datasource.url=jdbc:h2:mem:handed",
                "spring.datasource.username=app",
                "spring.datasource.driver-class-name=org.h2.Driver")) {
            assertThat(ask(context)).isEqualTo(42);
        }
    }
}
