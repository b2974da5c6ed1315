package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.ldap.AuthenticationException;
import org.springframework.ldap.core.support.LdapContextSource;

/** Spring LDAP asks for the password of a server each time that it connects. */
class LdapTest {

    private static final int ROTATIONS = 5;
    private static final int REQUESTS = 30;

    @TempDir
    Path directory;

    @Configuration(proxyBeanMethods = false)
    static class OwnSource {
        @Bean
        LdapContextSource ownSource() {
            LdapContextSource source = new LdapContextSource();
            source.setUrl("ldap://127.0.0.1:1");
            return source;
        }
    }

    @Test
    void noRequestFailsWhileThePasswordIsReplacedOnBothSides() throws Exception {
        String current = SecretText.random();
        Path file = SecretText.write(directory.resolve("password"), current);
        try (DirectoryServer server = new DirectoryServer(current);
                ConfigurableApplicationContext context =
                        LdapUse.start(file, Integer.toString(server.port()), List.of())) {
            SecretStore secrets = context.getBean(SecretStore.class);
            List<Exception> failures;
            try (Load load = Load.of(() -> LdapUse.ask(context))) {
                for (int i = 0; i < ROTATIONS; i++) {
                    load.awaitMore(REQUESTS);
                    String next = SecretText.random();
                    server.allow(next);
                    SecretText.write(file, next);
                    assertThat(secrets.reload(Contexts.SECRET)).isTrue();
                    load.awaitMore(REQUESTS); // Those that had the old password are over.
                    server.forbid(current);
                    current = next;
                }
                load.awaitMore(REQUESTS);
                failures = load.failures();
            }
            assertThat(failures).isEmpty();

            String unknown = SecretText.random();
            SecretText.write(file, unknown);
            secrets.reload(Contexts.SECRET);
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> LdapUse.ask(context))
                    .withMessageNotContaining(unknown);
        }
    }

    @Test
    void aContextSourceThatDoesNotAskFailsTheStart() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(
                        () -> LdapUse.start(file, "1", List.of(OwnSource.class)).close())
                .withMessageContaining("'ownSource'")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("AuthenticationSource");
    }
}
