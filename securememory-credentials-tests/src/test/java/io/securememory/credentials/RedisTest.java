package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Lettuce asks for the password of a real server when it connects, and again when the password was replaced. */
@OnceInShortForm
@ExtendWith(OutputCaptureExtension.class)
class RedisTest {

    private static final String PACKAGE = "org.springframework.boot.data.redis";
    private static final int ROTATIONS = 8;
    private static final int REQUESTS = 50;

    @TempDir
    static Path directory;

    private static final String FIRST = SecretText.random();

    private static RedisServer server;
    private static Path file;

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {
        @Bean
        RedisConnectionFactory ownFactory() {
            return new LettuceConnectionFactory("127.0.0.1", server.port());
        }
    }

    @BeforeAll
    static void begin() throws IOException {
        server = RedisServer.start(Files.createDirectory(directory.resolve("redis")), FIRST);
        file = SecretText.write(directory.resolve("password"), FIRST);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static ConfigurableApplicationContext start(List<Class<?>> more, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + server.port(),
                "spring.data.redis.username=" + RedisServer.USER));
        all.addAll(List.of(properties));
        return Contexts.start(file, "redis", PACKAGE, more, all.toArray(String[]::new));
    }

    /** In a connection of its own, beside the shared one of all others. */
    private static String connectAnew(ConfigurableApplicationContext context) {
        LettuceConnectionFactory shared = context.getBean(LettuceConnectionFactory.class);
        LettuceConnectionFactory own =
                new LettuceConnectionFactory(shared.getStandaloneConfiguration(), shared.getClientConfiguration());
        own.afterPropertiesSet();
        own.start();
        try (RedisConnection connection = own.getConnection()) {
            return String.valueOf(connection.ping());
        } finally {
            own.destroy();
        }
    }

    @Test
    void noRequestFailsWhileThePasswordIsReplacedOnBothSides(CapturedOutput output) throws Exception {
        String plain = SecretText.random();
        try (ConfigurableApplicationContext context = start(List.of(), "spring.data.redis.password=" + plain)) {
            assertThat(output)
                    .contains("spring.data.redis.password is set as well as securememory.credentials.redis")
                    .doesNotContain(plain);
            StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
            List<Exception> failures;
            try (Load load = Load.of(() -> {
                template.opsForValue().increment("counter");
                return template.opsForValue().get("counter");
            })) {
                rotate(context, load, output);
                System.out.println(load.done() + " requests to Redis and " + ROTATIONS + " rotations");
                failures = load.failures();
            } finally {
                server.allow(FIRST);
                SecretText.write(file, FIRST);
            }
            assertThat(failures).isEmpty();
            server.endConnections();
            assertThat(template.opsForValue().get("counter"))
                    .as("after Lettuce has connected anew")
                    .isNotNull();
        }
    }

    private static void rotate(ConfigurableApplicationContext context, Load load, CapturedOutput output)
            throws IOException {
        SecretStore secrets = context.getBean(SecretStore.class);
        String current = FIRST;
        load.awaitMore(REQUESTS);
        for (int i = 0; i < ROTATIONS; i++) {
            String next = SecretText.random();
            long before = server.reauthentications();
            server.allow(next);
            SecretText.write(file, next);
            assertThat(secrets.reload(Contexts.SECRET)).isTrue();
            Await.until("the next authentication", () -> server.reauthentications() > before);
            server.forbid(current);
            assertThat(connectAnew(context)).isEqualTo("PONG");
            if (i == ROTATIONS / 2) {
                refuse(context, secrets, next, output);
            }
            current = next;
            load.awaitMore(REQUESTS);
        }
        assertThat(output).doesNotContain(current);
    }

    /** The server does not know the new password: what is open goes on, and what is new fails, until it is replaced. */
    private static void refuse(
            ConfigurableApplicationContext context, SecretStore secrets, String known, CapturedOutput output)
            throws IOException {
        String unknown = SecretText.random();
        long before = server.reauthentications();
        SecretText.write(file, unknown);
        secrets.reload(Contexts.SECRET);
        Await.until("the refused authentication", () -> server.reauthentications() > before);
        Await.until("the log of it", () -> output.getAll().contains("Re-authentication failed"));

        assertThat(catchThrowable(() -> connectAnew(context)))
                .rootCause()
                .hasMessageContaining("WRONGPASS")
                .hasMessageNotContaining(unknown);

        SecretText.write(file, known);
        secrets.reload(Contexts.SECRET);
        assertThat(connectAnew(context)).isEqualTo("PONG");
        assertThat(output).doesNotContain(unknown);
    }

    @Test
    void aConnectionFactoryThatDoesNotAskFailsTheStart() {
        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> start(List.of(OwnFactory.class)).close())
                .withMessageContaining("securememory.credentials.redis")
                .withMessageContaining("'ownFactory'")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("SecretRedisCredentialsProvider");
    }

    @Test
    void aNameThatIsNoSecretFailsTheStartAndIsNotShown() {
        String password = SecretText.random();
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> start(List.of(), "securememory.credentials.redis=" + password)
                        .close())
                .satisfies(failure -> assertThat(failure)
                        .rootCause()
                        .isInstanceOf(DeclaredSecretException.class)
                        .hasMessageContaining("securememory.credentials.redis")
                        .hasMessageNotContaining(password));
    }
}
