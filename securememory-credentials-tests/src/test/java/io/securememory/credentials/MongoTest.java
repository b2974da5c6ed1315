package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** MongoDB's client gets the password when it is made. No server is asked. */
@ExtendWith(OutputCaptureExtension.class)
class MongoTest {

    private static final String SERVER = "@127.0.0.1:1/shop";

    @TempDir
    Path directory;

    @Configuration(proxyBeanMethods = false)
    static class OwnClient {
        @Bean
        MongoClient ownClient() {
            return MongoClients.create("mongodb://127.0.0.1:1");
        }
    }

    /** What Spring Boot makes a client of. */
    private static MongoCredential credential(ConfigurableApplicationContext context) {
        MongoClientSettings.Builder settings = MongoClientSettings.builder();
        context.getBeanProvider(MongoClientSettingsBuilderCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(settings));
        return settings.build().getCredential();
    }

    @ParameterizedTest
    @CsvSource({
        "'', admin",
        "?authSource=users&authMechanism=SCRAM-SHA-256, users",
        "?authMechanism=SCRAM-SHA-1, admin",
        "?authMechanism=PLAIN, $external"
    })
    void aClientHasTheUserOfThePropertiesAndThePasswordOfTheSecret(String options, String source, CapturedOutput output)
            throws Exception {
        String password = SecretText.random();
        Path file = SecretText.write(directory.resolve("password"), password);
        try (ConfigurableApplicationContext context =
                MongoUse.start(file, List.of(), "mongodb://app:" + SERVER.replace("/shop", "/") + options)) {
            assertThat(context.getBean(MongoClient.class)).isNotNull();
            MongoCredential credential = credential(context);

            assertThat(credential.getUserName()).isEqualTo("app");
            assertThat(credential.getSource()).isEqualTo(source);
            assertThat(credential.getPassword()).isEqualTo(password.toCharArray());
            assertThat(String.valueOf(credential.getMechanism()).replace("null", ""))
                    .isEqualTo(options.replaceFirst(".*authMechanism=", ""));

            SecretText.write(file, SecretText.random());
            context.getBean(SecretStore.class).reload(Contexts.SECRET);
            assertThat(output)
                    .contains("keeps the password with which it was made")
                    .doesNotContain(password);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mongodb://127.0.0.1:1/shop, spring.mongodb.username is not",
        "mongodb://app@127.0.0.1:1/?authMechanism=MONGODB-X509, takes no password"
    })
    void aClientThatWouldNotUseThePasswordFailsTheStart(String uri, String problem) throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> MongoUse.start(file, List.of(), uri).close())
                .havingRootCause()
                .isInstanceOf(DeclaredSecretException.class)
                .withMessageContaining(problem);
    }

    @Test
    void aClientThatDoesNotAskFailsTheStart() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> MongoUse.start(file, List.of(OwnClient.class), "mongodb://app:" + SERVER)
                        .close())
                .withMessageContaining("'ownClient'")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("MongoCredential");
    }
}
