package io.securememory.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Storage;
import io.securememory.spring.boot.properties.DeclaredSecret;
import io.securememory.spring.boot.properties.SecretEncoding;
import io.securememory.spring.boot.testsupport.Starter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.DefaultResourceLoader;

@Tag("boot")
class SecretPropertySanitizerTest {

    private static final String MASK = SanitizableData.SANITIZED_VALUE;

    @TempDir
    Path directory;

    private final SecretPropertySanitizer sanitizer = new SecretPropertySanitizer(new DefaultResourceLoader());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "securememory.secrets",
                "securememory.secrets.key",
                "securememory.secrets.key.location",
                "securememory.secrets.key.trim",
                "securememory.secrets.key.required",
                "securememory.secrets.key.storage",
                "securememory.secrets.key.value",
                "securememory.secrets.key.location.text",
                "securememory.secrets[key]",
                "securememory.secrets[a/key].location",
                "securememory.secrets[0]",
                "secureMemory.Secrets.key.location",
                "secure-memory.secrets.key",
                "SECUREMEMORY_SECRETS_KEY",
                "SECUREMEMORY_SECRETS_KEY_LOCATION",
                "SECURE_MEMORY_SECRETS_KEY"
            })
    void textIsMaskedWhereverItIsWritten(String key) {
        assertThat(shown(key, Starter.MARKER)).isEqualTo(MASK);
        assertThat(shown(key, List.of(Starter.MARKER))).isEqualTo(MASK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:" + Starter.MARKER,
                "file:/run/secrets/" + Starter.MARKER,
                "file:first\nsecond",
                "file:nul\0",
                "classpath:" + Starter.MARKER,
                "https://example.com/" + Starter.MARKER,
                "file",
                ""
            })
    void aLocationOfNothingIsMasked(String value) {
        assertThat(shown("securememory.secrets.key.location", value)).isEqualTo(MASK);
    }

    @Test
    void aLocationThatIsTooLongForAnyFileIsMasked() {
        assertThat(shown("securememory.secrets.key.location", "file:" + "x".repeat(5_000)))
                .isEqualTo(MASK);
    }

    @Test
    void aLocationOfSomethingIsShown() {
        Path file = Starter.write(directory, "key", "text");
        assertThat(shown("securememory.secrets.key.location", "file:" + file)).isEqualTo("file:" + file);
        assertThat(shown("SECUREMEMORY_SECRETS_KEY_LOCATION", "file:" + file)).isEqualTo("file:" + file);
        assertThat(shown("securememory.secrets.key.location", "classpath:declared-secret.txt"))
                .isEqualTo("classpath:declared-secret.txt");
    }

    @Test
    void aLocationUnderAnotherNameIsMasked() {
        Path file = Starter.write(directory, "key", "text");
        assertThat(shown("securememory.secrets.key.value", "file:" + file)).isEqualTo(MASK);
    }

    @ParameterizedTest
    @CsvSource({
        "trim, true",
        "trim, false",
        "trim, TRUE",
        "required, false",
        "storage, protected",
        "storage, SEALED",
        "encoding, base64",
        "generate, 32",
        "reload-interval, 10s",
        "reloadInterval, PT10S"
    })
    void whatIsNoTextIsShownIfItIsOfItsType(String property, String value) {
        assertThat(shown("securememory.secrets.key." + property, value)).isEqualTo(value);
    }

    private static final Set<Class<?>> TEXTS = Set.of(String.class, List.class, DeclaredSecret.Http.class);

    /** Of each type that is no text. */
    private static final Map<Class<?>, Object> BOUND = Map.of(
            boolean.class,
            true,
            int.class,
            3,
            Integer.class,
            32,
            Duration.class,
            Duration.ofSeconds(10),
            Storage.class,
            Storage.SEALED,
            SecretEncoding.class,
            SecretEncoding.HEX);

    static Stream<RecordComponent> componentsThatAreNoText() {
        return Stream.of(DeclaredSecret.class, DeclaredSecret.Http.class)
                .flatMap(type -> Stream.of(type.getRecordComponents()))
                .filter(component -> !TEXTS.contains(component.getType()));
    }

    @ParameterizedTest
    @MethodSource("componentsThatAreNoText")
    void whatWasBoundIsShown(RecordComponent component) {
        Object value = Objects.requireNonNull(BOUND.get(component.getType()), "no value for the type");
        assertThat(shown("securememory.secrets.key." + component.getName(), value))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "environment",
                "command",
                "command[1]",
                "source",
                "http.url",
                "http.field",
                "http.bundle",
                "http.token-secret",
                "http.token-header"
            })
    void whatIsTextOfOtherSourcesIsMasked(String property) {
        assertThat(shown("securememory.secrets.key." + property, Starter.MARKER))
                .isEqualTo(MASK);
    }

    @Test
    void whatShouldNameAPrivateKeyIsMaskedAndCertificatesAreShown() {
        assertThat(shown("securememory.ssl.bundle.web.private-key", Starter.MARKER))
                .isEqualTo(MASK);
        assertThat(shown("SECUREMEMORY_SSL_BUNDLE_WEB_PRIVATEKEY", Starter.MARKER))
                .isEqualTo(MASK);
        assertThat(shown("securememory.ssl.bundle.web.private-key-password", Starter.MARKER))
                .isEqualTo(MASK);
        assertThat(shown("SECUREMEMORY_SSL_BUNDLE_WEB_PRIVATEKEYPASSWORD", Starter.MARKER))
                .isEqualTo(MASK);
        assertThat(shown("securememory.ssl.bundle.web.certificate", "file:/etc/tls.crt"))
                .isEqualTo("file:/etc/tls.crt");
    }

    @Test
    void whatShouldNameTheKeyOfTokensIsMaskedAndTheOtherSettingsOfTokensAreShown() {
        assertThat(shown("securememory.jwt.secret", Starter.MARKER)).isEqualTo(MASK);
        assertThat(shown("SECUREMEMORY_JWT_SECRET", Starter.MARKER)).isEqualTo(MASK);
        assertThat(shown("securememory.jwt.algorithm", "ES256")).isEqualTo("ES256");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service.jar --securememory.secrets.key.location=" + Starter.MARKER,
                "-Dsecurememory.secrets.key=" + Starter.MARKER,
                "{\"securememory\":{\"secrets\":{\"key\":\"" + Starter.MARKER + "\"}}}",
                "{ \"securememory\" :\n { \"secrets\" : { } } }"
            })
    void aValueThatSpellsSuchAPropertyIsMasked(String value) {
        assertThat(shown("sun.java.command", value)).isEqualTo(MASK);
    }

    @ParameterizedTest
    @CsvSource({
        "securememory.storage,             sealed",
        "securememory.mlock.policy,        require",
        "server.port,                      8080",
        "logging.level.io.securememory,    trace",
        "java.class.path,                  /lib/securememory-core.jar:/lib/secrets.jar",
        "management.endpoint.securememory, secrets"
    })
    void otherPropertiesAreNotTouched(String key, String value) {
        assertThat(shown(key, value)).isEqualTo(value);
    }

    @Test
    void nothingStaysNothing() {
        assertThat(shown("securememory.secrets.key.location", null)).isNull();
    }

    @Test
    void environmentThatShowsValuesShowsNoSecretThatAMistakePutThere() {
        Path file = Starter.write(directory, "key", "text");
        environment()
                .withPropertyValues(
                        "ordinary.property=" + Starter.MARKER + "-ordinary",
                        Starter.location("good", file),
                        "securememory.secrets.optional.location=file:" + Starter.MARKER,
                        "securememory.secrets.optional.required=false")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(shown(context.getBean(EnvironmentEndpoint.class)))
                            .contains("securememory.secrets.good.location=file:" + file)
                            .contains("ordinary.property=" + Starter.MARKER + "-ordinary")
                            .contains("securememory.secrets.optional.location=" + MASK)
                            .filteredOn(property -> !property.startsWith("ordinary."))
                            .noneMatch(property -> property.contains(Starter.MARKER));
                });
    }

    /** Nothing refuses a property then. */
    @Test
    void secretsAreMaskedAlsoWhenDisabled() {
        environment()
                .withPropertyValues(
                        "securememory.enabled=false",
                        "securememory.secrets.key=" + Starter.MARKER,
                        "securememory.secrets.other.location=" + Starter.MARKER,
                        "securememory.secrets.other.value=" + Starter.MARKER)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addLast(new SystemEnvironmentPropertySource(
                                "systemEnvironment", Map.of("SECUREMEMORY_SECRETS_THIRD", Starter.MARKER))))
                .run(context -> assertThat(shown(context.getBean(EnvironmentEndpoint.class)))
                        .contains("securememory.secrets.key=" + MASK)
                        .contains("securememory.secrets.other.location=" + MASK)
                        .contains("securememory.secrets.other.value=" + MASK)
                        .contains("SECUREMEMORY_SECRETS_THIRD=" + MASK)
                        .noneMatch(property -> property.contains(Starter.MARKER)));
    }

    @Test
    void aFunctionOfTheApplicationIsUsedInPlaceOfOurs() {
        SanitizingFunction own = data -> data;
        environment()
                .withBean("secureMemorySanitizingFunction", SanitizingFunction.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(SanitizingFunction.class)).isSameAs(own));
    }

    private Object shown(String key, Object value) {
        var source = new MapPropertySource("test", Map.of());
        return sanitizer.apply(new SanitizableData(source, key, value)).getValue();
    }

    /** All properties as the endpoint shows them, as {@code name=value}. */
    private static List<String> shown(EnvironmentEndpoint endpoint) {
        return endpoint.environment(null).getPropertySources().stream()
                .flatMap(source -> source.getProperties().entrySet().stream())
                .map(property -> property.getKey() + "=" + property.getValue().getValue())
                .toList();
    }

    private static ApplicationContextRunner environment() {
        return Starter.runner()
                .withConfiguration(AutoConfigurations.of(EnvironmentEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=env", "management.endpoint.env.show-values=ALWAYS");
    }
}
