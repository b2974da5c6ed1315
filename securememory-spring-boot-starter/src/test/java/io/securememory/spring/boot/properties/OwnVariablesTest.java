package io.securememory.spring.boot.properties;

import static io.securememory.spring.boot.properties.PropertyNamesTest.withVariables;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.testsupport.Starter;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Which environment variables are ours, which are meant to be, and which are somebody else's. */
@Tag("boot")
class OwnVariablesTest {

    private static final BiConsumer<String, String> NO_FAILURE =
            (failure, remedy) -> assertThat(failure).isEmpty();

    @ParameterizedTest
    @CsvSource({
        "SECURE_MEMORY_MLOCK_POLICY,               SECUREMEMORY_MLOCK_POLICY",
        "SECURE_MEMORY_MLOCK_POLCY,                SECUREMEMORY_MLOCK_POLICY",
        "secure_memory_close_timeout,              SECUREMEMORY_CLOSE_TIMEOUT",
        "SECURE__MEMORY_CLOSE_TIMEOUT,             SECUREMEMORY_CLOSE_TIMEOUT",
        "SECURE_MEMORY_SIGNALS_NAMES_0,            SECUREMEMORY_SIGNALS_NAMES",
        "SECURE_MEMORY_SECRETS_DB_KEY_LOCATION,    SECUREMEMORY_SECRETS_DB_KEY_LOCATION",
        "SECURE_MEMORY_SECRETS_KEY_LOCTION,        SECUREMEMORY_SECRETS_KEY_LOCATION",
        "SECURE_MEMORY_SSL_BUNDLE_WEB_CERTIFICATE, SECUREMEMORY_SSL_BUNDLE_WEB_CERTIFICATE"
    })
    void anUnderscoreInThePrefixIsNamedAsAnyOtherMistake(String written, String right) {
        withVariables(
                Starter.runner(),
                (failure, remedy) -> {
                    assertThat(failure)
                            .isEqualTo("The environment variable " + written + " is not known, and would be left out.");
                    assertThat(remedy)
                            .isEqualTo("Write " + right + " in the place of " + written + ", or take it out.");
                },
                written);
    }

    @Test
    void variablesOfAServiceWithADashInItsNameAreLeftAlone() {
        withVariables(
                Starter.runner(),
                NO_FAILURE,
                "SECURE_MEMORY_SERVICE_HOST",
                "SECURE_MEMORY_SERVICE_PORT",
                "SECURE_MEMORY_SERVICE_PORT_HTTP",
                "SECURE_MEMORY_PORT_80_TCP_ADDR",
                "SECURE_MEMORY_API_SERVICE_HOST",
                "SECURE_MEMORY_API_PORT_80_TCP_ADDR",
                "SECURE_MEMORY");
        withVariables(
                Starter.runner(),
                (failure, remedy) -> assertThat(failure).contains("SECURE_MEMORY_API_PORT"),
                "SECURE_MEMORY_API_PORT");
    }

    @Test
    void variablesOfAServiceWhoseNameEndsAsOthersGoOnAreLeftAlone() {
        withVariables(
                Starter.runner(),
                NO_FAILURE,
                "SECUREMEMORY_SERVICE_SERVICE_HOST",
                "SECUREMEMORY_SERVICE_SERVICE_PORT",
                "SECUREMEMORY_SERVICE_PORT",
                "SECUREMEMORY_SERVICE_PORT_80_TCP",
                "SECUREMEMORY_SERVICE_PORT_80_TCP_PROTO");
    }

    @Test
    void variablesOfAnotherPrefixOfTheSameLettersAreLeftAlone() {
        withVariables(
                Starter.runner().withUserConfiguration(DashedProperties.class),
                NO_FAILURE,
                "SECURE_MEMORY_OWN_TEXT",
                "SECURE_MEMORY_SECRETS_KEY_LOCATION");
    }

    /** Spring Boot binds each of them, with and without the dash. */
    @ParameterizedTest
    @ValueSource(strings = {"SECUREMEMORY_SECRETS_UI_COLOR", "SECUREMEMORY_SECRETSUI_COLOR"})
    void aVariableOfTheApplicationsOwnPrefixIsNotOneOfASecret(String variable) {
        withVariables(Starter.runner().withUserConfiguration(OwnSecretsUi.class), NO_FAILURE, variable);
        withVariables(Starter.runner().withClassLoader(new PropertyNamesTest.OtherMetadata()), NO_FAILURE, variable);
        withVariables(Starter.runner(), (failure, remedy) -> assertThat(failure).contains(variable), variable);
    }

    @EnableConfigurationProperties(SecretsUi.class)
    static class OwnSecretsUi {}

    @ConfigurationProperties("securememory.secrets-ui")
    record SecretsUi(String color) {}

    @EnableConfigurationProperties(Dashed.class)
    static class DashedProperties {}

    @ConfigurationProperties("secure.memory")
    record Dashed(String text) {}
}
