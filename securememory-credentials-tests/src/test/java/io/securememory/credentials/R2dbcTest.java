package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Wrapped;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The driver of PostgreSQL for R2DBC asks for the password of a real server when it connects. */
@OnceInShortForm
@ExtendWith(OutputCaptureExtension.class)
class R2dbcTest {

    private static final String GRACE = "securememory.secrets." + Contexts.SECRET + ".grace-period=1d";
    private static final int ROTATIONS = 4;
    private static final int REQUESTS = 8;

    @TempDir
    static Path directory;

    private static PostgresServer server;

    private Path file;
    private String current;

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {
        @Bean
        ConnectionFactory ownFactory() {
            return new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                    .host("127.0.0.1")
                    .port(server.port())
                    .username(PostgresServer.USER)
                    .build());
        }
    }

    @BeforeAll
    static void begin() throws IOException {
        server = PostgresServer.start(SecretText.random());
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void startWithTheRightPassword() throws IOException {
        current = SecretText.random();
        server.setPassword(current);
        file = SecretText.write(directory.resolve("password"), current);
    }

    private ConfigurableApplicationContext start(List<Class<?>> more, String... properties) {
        List<String> all = new ArrayList<>(List.of("spring.r2dbc.username=" + PostgresServer.USER));
        all.addAll(List.of(properties));
        return Contexts.start(file, "r2dbc", R2dbcUse.PACKAGE, more, all.toArray(String[]::new));
    }

    private static String url() {
        return "spring.r2dbc.url=" + R2dbcUse.url(server.port());
    }

    private void replaceFile(ConfigurableApplicationContext context, String password) throws IOException {
        SecretText.write(file, password);
        assertThat(context.getBean(SecretStore.class).reload(Contexts.SECRET)).isTrue();
    }

    /** Without a pool, each request opens a connection. */
    @Test
    void noRequestFailsWhileThePasswordIsReplacedInTheFileAndThenInTheServer(CapturedOutput output) throws Exception {
        String plain = SecretText.random();
        try (ConfigurableApplicationContext context =
                start(List.of(), url(), GRACE, "spring.r2dbc.password=" + plain)) {
            assertThat(output)
                    .contains("spring.r2dbc.password is set as well as securememory.credentials.r2dbc")
                    .doesNotContain(plain);
            ConnectionFactory connections = context.getBean(ConnectionFactory.class);
            List<Exception> failures;
            long done;
            try (Load load = Load.of(() -> R2dbcUse.ask(connections))) {
                load.awaitMore(REQUESTS);
                for (int i = 0; i < ROTATIONS; i++) {
                    current = SecretText.random();
                    replaceFile(context, current);
                    load.awaitMore(REQUESTS);
                    server.setPassword(current);
                    load.awaitMore(REQUESTS);
                }
                done = load.done();
                failures = load.failures();
            }
            System.out.println(done + " connections of R2DBC and " + ROTATIONS + " rotations");
            assertThat(failures).isEmpty();
            assertThat(output)
                    .contains("takes the newest version of the secret")
                    .doesNotContain(current);
        }
    }

    @Test
    void aRefusedPasswordWithoutGraceIsSaidAndTriedAgain(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = start(List.of(), url())) {
            ConnectionFactory connections = context.getBean(ConnectionFactory.class);
            String next = SecretText.random();
            replaceFile(context, next);

            assertThat(catchThrowable(() -> R2dbcUse.ask(connections)))
                    .isInstanceOf(R2dbcException.class)
                    .hasMessageNotContaining(next);
            assertThat(output)
                    .contains("The database of R2DBC refuses the newest version of the secret")
                    .contains("No connection can be opened with it. It is tried again.")
                    .doesNotContain(next);

            server.setPassword(next);
            assertThat(R2dbcUse.ask(connections)).isEqualTo(42);
            assertThat(output).contains("takes the newest version of the secret");
        }
    }

    @Test
    void aConnectionBelowTheOneThatKnowsThePasswordFails() {
        try (ConfigurableApplicationContext context = start(List.of(), url())) {
            ConnectionFactory connections = context.getBean(ConnectionFactory.class);
            ConnectionFactory driver = PostgresqlConnectionFactory.class.cast(innermost(connections));
            assertThat(catchThrowable(() -> R2dbcUse.ask(driver)))
                    .hasStackTraceContaining("is not opened by a SecretConnectionFactory");
        }
    }

    private static ConnectionFactory innermost(ConnectionFactory factory) {
        ConnectionFactory inner = factory;
        while (inner instanceof Wrapped<?> wrapped) {
            inner = (ConnectionFactory) wrapped.unwrap();
        }
        return inner;
    }

    @Test
    void aConnectionFactoryThatDoesNotAskFailsTheStart() {
        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> start(List.of(OwnFactory.class)).close())
                .withMessageContaining("securememory.credentials.r2dbc")
                .withMessageContaining("'ownFactory'")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("SecretConnectionFactory");
    }

    @Test
    void aDriverThatTakesThePasswordOnceFailsTheStart() {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> start(List.of(), "spring.r2dbc.url=r2dbc:pool:postgresql://127.0.0.1/postgres")
                        .close())
                .satisfies(failure -> assertThat(failure)
                        .rootCause()
                        .isInstanceOf(DeclaredSecretException.class)
                        .hasMessageContaining("the driver 'pool' of R2DBC cannot ask for the secret"));
    }

    @Test
    void aNameThatIsNoSecretFailsTheStartAndIsNotShown() {
        String password = SecretText.random();
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> start(List.of(), url(), "securememory.credentials.r2dbc=" + password)
                        .close())
                .satisfies(failure -> assertThat(failure)
                        .rootCause()
                        .isInstanceOf(DeclaredSecretException.class)
                        .hasMessageContaining("securememory.credentials.r2dbc")
                        .hasMessageNotContaining(password));
    }
}
