package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.NamedSecret;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@Tag("boot")
class DeclaredSecretsTest {

    @TempDir
    Path directory;

    @Test
    void theOnlySecretIsInjectedByType() {
        Starter.runner()
                .withPropertyValues(location("webhook-key", write(directory, "key", Starter.MARKER)))
                .withUserConfiguration(ByType.class)
                .run(context ->
                        assertThat(text(context.getBean(ByType.class).secret)).isEqualTo(Starter.MARKER));
    }

    @Test
    void eachOfSeveralSecretsIsInjectedByItsName() {
        Starter.runner()
                .withPropertyValues(
                        location("webhook-key", write(directory, "key", "one")),
                        location("database-password", write(directory, "password", "two")))
                .withUserConfiguration(ByName.class)
                .run(context -> {
                    ByName bean = context.getBean(ByName.class);
                    assertThat(text(bean.key)).isEqualTo("one");
                    assertThat(text(bean.password)).isEqualTo("two");
                });
    }

    @Test
    void aSecretIsInjectedByTheAnnotationOfItsName() {
        Starter.runner()
                .withPropertyValues(
                        location("webhook-key", write(directory, "key", "one")),
                        location("database-password", write(directory, "password", "two")))
                .withUserConfiguration(ByAnnotation.class)
                .run(context -> {
                    ByAnnotation bean = context.getBean(ByAnnotation.class);
                    assertThat(text(bean.key)).isEqualTo("one");
                    assertThat(text(bean.password)).isEqualTo("two");
                });
        Starter.runner()
                .withPropertyValues(location("webhook-key", write(directory, "key", "one")))
                .withUserConfiguration(ByAnnotation.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(NoSuchBeanDefinitionException.class)
                        .hasStackTraceContaining("database-password"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            'x\n',       true,  'x'
            'x\r\n',     true,  'x'
            'x\n\n',     true,  'x\n'
            'x\r\n\r\n', true,  'x\r\n'
            'x\r',       true,  'x\r'
            'x ',        true,  'x '
            'x',         true,  'x'
            '\nx',       true,  '\nx'
            '\n',        false, '\n'
            'x\n',       false, 'x\n'
            """)
    void trimDropsOneLineBreakAtTheEndAndNothingElse(String file, boolean trim, String expected) {
        Starter.runner()
                .withPropertyValues(
                        location("key", write(directory, "key", file)), "securememory.secrets.key.trim=" + trim)
                .run(context -> {
                    assertThat(text(context.getBean(Secret.class))).isEqualTo(expected);
                    assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                            .isZero();
                });
    }

    /** Random keys end in the byte of a line feed as often as in any other one. */
    @ParameterizedTest
    @ValueSource(strings = {"ff0a", "000d0a", "80ffee0a0a", "c3280a", "410a000d0a", "efbbbf800a", "7f0a"})
    void whatIsBinaryIsNeverTrimmed(String hex) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex);
        Path file = Files.write(directory.resolve("key"), bytes);
        for (String trim : List.of("true", "false")) {
            Starter.runner()
                    .withPropertyValues(location("key", file), "securememory.secrets.key.trim=" + trim)
                    .run(context -> assertThat(context.getBean(Secret.class).contentEquals(bytes))
                            .isTrue());
        }
        Starter.runner()
                .withPropertyValues(location("key", file), "securememory.secrets.key.encoding=text")
                .run(context ->
                        assertThat(context.getBean(Secret.class).length()).isLessThan(bytes.length));
    }

    @Test
    void binaryFilesAreReadByteByByte() throws Exception {
        byte[] bytes = new byte[3000];
        new Random(7).nextBytes(bytes);
        Path file = Files.write(directory.resolve("key"), bytes);
        Starter.runner()
                .withPropertyValues(location("key", file), "securememory.secrets.key.trim=false")
                .run(context -> assertThat(context.getBean(Secret.class).contentEquals(bytes))
                        .isTrue());
    }

    @Test
    void aSecretOfTheLargestSizeIsLoaded() {
        String text = "k".repeat(SecretDeclaration.MAX_LENGTH);
        Starter.runner()
                .withPropertyValues(
                        location("key", write(directory, "key", text)), "securememory.mlock.policy=best-effort")
                .run(context ->
                        assertThat(context.getBean(Secret.class).length()).isEqualTo(SecretDeclaration.MAX_LENGTH));
    }

    @Test
    void aResourceOfTheClassPathIsLoaded() {
        Starter.runner()
                .withPropertyValues("securememory.secrets.key.location=classpath:declared-secret.txt")
                .run(context -> assertThat(text(context.getBean(Secret.class))).isEqualTo("from the class path"));
    }

    @Test
    void aRelativeFileIsRelativeToTheWorkingDirectory() {
        Path workingDirectory = Path.of("").toAbsolutePath();
        Path file = write(directory, "key", Starter.MARKER).toAbsolutePath();
        Starter.runner()
                .withPropertyValues(location("key", workingDirectory.relativize(file)))
                .run(context -> assertThat(text(context.getBean(Secret.class))).isEqualTo(Starter.MARKER));
    }

    @Test
    void aFileUrlIsLoaded() {
        Path file = write(directory, "with space", Starter.MARKER);
        Starter.runner()
                .withPropertyValues("securememory.secrets.key.location=" + file.toUri())
                .run(context -> assertThat(text(context.getBean(Secret.class))).isEqualTo(Starter.MARKER));
    }

    @Test
    void anOptionalSecretWithoutItsFileHasNoBean() {
        Starter.runner()
                .withPropertyValues(
                        location("absent", directory.resolve("nothing")),
                        "securememory.secrets.absent.required=false",
                        location("present", write(directory, "key", "one")),
                        "securememory.secrets.present.required=false")
                .run(context -> {
                    assertThat(context).doesNotHaveBean("absent").hasBean("present");
                    SecretStore store = context.getBean(SecretStore.class);
                    assertThat(store.names()).containsExactly("present");
                    assertThat(store.find("absent")).isEmpty();
                    assertThatThrownBy(() -> store.get("absent"))
                            .isInstanceOf(NoSuchElementException.class)
                            .hasMessageContaining("optional")
                            .hasMessageContaining("[present]");
                });
    }

    @Test
    void theStoreFindsSecretsByNameAndNamesThemWhenThereIsNone() {
        Starter.runner()
                .withPropertyValues(
                        location("b", write(directory, "b", "two")), location("a", write(directory, "a", "one")))
                .run(context -> {
                    SecretStore store = context.getBean(SecretStore.class);
                    assertThat(store.get("b")).isSameAs(context.getBean("b"));
                    assertThat(store.find("a")).isEqualTo(Optional.of(context.getBean("a")));
                    assertThat(store.names()).containsExactly("a", "b");
                    assertThatThrownBy(() -> store.names().clear()).isInstanceOf(UnsupportedOperationException.class);
                    assertThatThrownBy(() -> store.get("c"))
                            .isInstanceOf(NoSuchElementException.class)
                            .hasMessageContaining("'c'")
                            .hasMessageContaining("[a, b]");
                });
    }

    @Test
    void secretsAreLoadedIntoTheSessionOfTheApplication() {
        try (SecureMemory session = SecureMemory.create()) {
            Starter.runner()
                    .withBean("ownSession", SecureMemory.class, () -> session, bean -> bean.setDestroyMethodName(""))
                    .withPropertyValues(location("key", write(directory, "key", "one\n")))
                    .run(context -> assertThat(session.status().liveSecrets()).isEqualTo(1));
        }
    }

    @Test
    void anEnvironmentVariableMovesASecretAndAddsNone() {
        withEnvironment(Map.of(
                        "SECUREMEMORY_SECRETS_WEBHOOKKEY_LOCATION", "file:" + write(directory, "key", Starter.MARKER)))
                .withPropertyValues(
                        location("webhook-key", directory.resolve("elsewhere")),
                        "securememory.secrets.webhook-key.trim=false")
                .run(context -> {
                    assertThat(context.getBeanNamesForType(Secret.class)).containsExactly("webhook-key");
                    assertThat(text(context.getBean(Secret.class))).isEqualTo(Starter.MARKER);
                });
    }

    @Test
    void environmentVariablesAloneDeclareASecret() {
        withEnvironment(Map.of("SECUREMEMORY_SECRETS_KEY_LOCATION", "file:" + write(directory, "key", "one")))
                .run(context ->
                        assertThat(text(context.getBean("key", Secret.class))).isEqualTo("one"));
    }

    private static ApplicationContextRunner withEnvironment(Map<String, Object> variables) {
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        return Starter.runner().withInitializer(context -> {
            var sources = context.getEnvironment().getPropertySources();
            sources.remove(name);
            sources.addFirst(new SystemEnvironmentPropertySource(name, variables));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class ByType {

        final Secret secret;

        ByType(Secret secret) {
            this.secret = secret;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByName {

        final Secret key;
        final Secret password;

        ByName(@Qualifier("webhook-key") Secret key, @Qualifier("database-password") Secret password) {
            this.key = key;
            this.password = password;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByAnnotation {

        final Secret key;

        @Autowired
        @NamedSecret("database-password")
        Secret password;

        ByAnnotation(@NamedSecret("webhook-key") Secret key) {
            this.key = key;
        }
    }
}
