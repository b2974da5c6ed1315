package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What an operator reads on the console when the application does not start, and what stays out of it. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
class FailedStartTest {

    @TempDir
    Path directory;

    @Test
    void aMissingFileIsNamedWithItsPropertyAndTheWayToMountIt(CapturedOutput output) {
        Path file = directory.resolve("nothing");
        startWhole(location("webhook-key", file));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The secret 'webhook-key' (securememory.secrets.webhook-key.location)")
                .contains(file + ": it does not exist.")
                .contains("Kubernetes: mount the Secret as a volume")
                .contains("Docker Compose:")
                .contains("securememory.secrets.webhook-key.required=false")
                .contains("For development: set securememory.secrets.webhook-key.location to nothing and"
                        + " securememory.secrets.webhook-key.generate to a number of bytes");
    }

    @Test
    void aMissingRelativeFileIsShownWithItsWorkingDirectory(CapturedOutput output) {
        start("securememory.secrets.webhook-key.location=file:no/such/file");
        assertThat(output).contains(Path.of("no/such/file").toAbsolutePath() + ": it does not exist.");
    }

    @Test
    void aMissingResourceIsNamed(CapturedOutput output) {
        start("securememory.secrets.webhook-key.location=classpath:no-such-resource");
        assertThat(output).contains("cannot be loaded from classpath:no-such-resource: it does not exist.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void anEmptyFileIsNoSecret(String text, CapturedOutput output) {
        start(location("webhook-key", write(directory, "key", text)));
        assertThat(output)
                .contains("The secret 'webhook-key' (securememory.secrets.webhook-key.location)")
                .contains("it is empty, or holds nothing but a line break.")
                .contains("securememory.secrets.webhook-key.trim=false");
    }

    @Test
    void anOptionalSecretMayBeAbsentButNotEmpty(CapturedOutput output) {
        start(location("key", write(directory, "key", "")), "securememory.secrets.key.required=false");
        assertThat(output).contains("it is empty, or holds nothing but a line break.");
    }

    @Test
    void aFileThatIsTooLargeIsRefusedWithoutItsContent(CapturedOutput output) {
        String text = MARKER.repeat(SecretDeclaration.MAX_LENGTH / MARKER.length() + 1);
        start(location("webhook-key", write(directory, "key", text)));
        assertThat(output)
                .contains("it has more than 1048576 bytes")
                .contains("that holds this one secret and nothing else")
                .doesNotContain(MARKER);
    }

    @Test
    void aDirectoryIsNoSecret(CapturedOutput output) {
        start(location("webhook-key", directory));
        assertThat(output)
                .contains(directory + ": it is a directory")
                .contains("a Secret that is mounted as a volume is a directory with a file for each of its keys");
    }

    static Stream<String> contentInPlaceOfALocation() {
        return Stream.of(
                "securememory.secrets.webhook-key.location=" + MARKER,
                "securememory.secrets.webhook-key.location=https://example.com/" + MARKER,
                "securememory.secrets.webhook-key.location=classpath*:" + MARKER,
                "securememory.secrets.webhook-key.location=file:" + MARKER + "\n" + MARKER,
                "securememory.secrets.webhook-key.location=file:%" + MARKER + "\u0000");
    }

    @ParameterizedTest
    @MethodSource
    void contentInPlaceOfALocation(String property, CapturedOutput output) {
        start(property);
        assertThat(output)
                .contains("The property securememory.secrets.webhook-key.location ")
                .contains("it is not shown here, because it may be the secret itself.")
                .contains("Write the secret to a file")
                .contains("Never put the secret itself into a property")
                .doesNotContain(MARKER);
    }

    static Stream<String> contentInPlaceOfADeclaration() {
        return Stream.of(
                "securememory.secrets.webhook-key=" + MARKER,
                "securememory.secrets=" + MARKER,
                "securememory.secrets.webhook-key.trim=" + MARKER,
                "securememory.secrets.webhook-key.encoding=" + MARKER,
                "securememory.secrets.webhook-key.reload-interval=" + MARKER,
                "securememory.secrets.webhook-key.generate=" + MARKER,
                "securememory.secrets.webhook-key.storage=" + MARKER);
    }

    @ParameterizedTest
    @MethodSource
    void contentInPlaceOfADeclaration(String property, CapturedOutput output) {
        start(property);
        assertThat(output)
                .contains("The property " + property.substring(0, property.indexOf('=')) + " cannot be bound.")
                .contains("A secret is declared by securememory.secrets.<name>.location")
                .contains(".storage, which is protected or sealed, and .allow-world-readable")
                .doesNotContain(MARKER);
    }

    @Test
    void aSecretWithoutALocationIsRefused(CapturedOutput output) {
        start("securememory.secrets.webhook-key.trim=true");
        assertThat(output).contains("The property securememory.secrets.webhook-key.location is not set.");
    }

    @Test
    void anOptionalSecretMayNotHaveContentInPlaceOfALocation(CapturedOutput output) {
        start("securememory.secrets.webhook-key.location=" + MARKER, "securememory.secrets.webhook-key.required=false");
        assertThat(output)
                .contains("The property securememory.secrets.webhook-key.location does not begin with")
                .doesNotContain(MARKER);
    }

    @Test
    void aSecretDoesNotReplaceABeanOfItsName(CapturedOutput output) {
        start(
                "securememory.secrets.eager.location=classpath:declared-secret.txt",
                "spring.main.allow-bean-definition-overriding=true");
        assertThat(output)
                .contains("there is another bean named 'eager'")
                .contains("Choose another name for the secret below securememory.secrets");
    }

    @Test
    void aSecretThatDoesNotFitTheLockLimitIsNamedWithTheRemedies(CapturedOutput output) {
        start(location("webhook-key", write(directory, "key", MARKER)), "securememory.mlock.limit=1B");
        assertThat(output)
                .contains("The secret 'webhook-key' (securememory.secrets.webhook-key.location)")
                .contains("the limit is 1 bytes")
                .contains("Docker: --ulimit memlock=-1:-1")
                .contains(
                        "Kubernetes: raise the node runtime's memlock limit",
                        "for root only, add the capability IPC_LOCK")
                .contains("LimitMEMLOCK=infinity")
                .contains("securememory.mlock.limit")
                .contains("securememory.storage=sealed")
                .doesNotContain(MARKER);
    }

    @Test
    void anySecretThatDoesNotFitTheLockLimitIsAnalyzed(CapturedOutput output) {
        startWhole("securememory.mlock.limit=1B", "test.create-secret=true");
        assertThat(output)
                .contains("No memory can be locked for a secret:")
                .contains("Docker: --ulimit memlock=-1:-1")
                .contains("securememory.mlock.policy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "securememory.mlock.warn-threshold=0",
                "securememory.mlock.warn-threshold=101",
                "securememory.mlock.limit=-1B",
                "securememory.close-timeout=-1s",
                "securememory.pool.max-idle=-1",
                "securememory.enclave.rekey-interval=-1s",
                "securememory.enclave.stream-chunk-size=17MB",
                "securememory.enclave.max-windows=0"
            })
    void aValueOutOfItsRangeIsNamed(String property, CapturedOutput output) {
        start(property);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(property.substring(0, property.indexOf('=')) + " is ");
    }

    @ParameterizedTest
    @CsvSource({
        "securememory.storage,                        PROTECTED, SEALED",
        "securememory.when-limit-reached,             SEAL,      FAIL",
        "securememory.enclave.when-windows-exhausted, GROW,      WAIT"
    })
    void anUnknownWordIsShownWithThoseThatAreKnown(
            String property, String oneWord, String otherWord, CapturedOutput output) {
        startWhole(property + "=elsewhere");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .containsPattern("Property: " + Pattern.quote(property) + "\\R *Value: \"elsewhere\"")
                .containsPattern("The following values are valid:\\s+((" + oneWord + "|" + otherWord + ")\\s+){2}");
    }

    @Test
    void aFailureLeavesNoTextInMemory() {
        try (SecureMemory session = SecureMemory.create()) {
            Starter.runner()
                    .withBean("own", SecureMemory.class, () -> session, bean -> bean.setDestroyMethodName(""))
                    .withPropertyValues(
                            location("a-good-one", write(directory, "a", MARKER)),
                            location("b-line-break", write(directory, "b", "\n")))
                    .run(context -> {
                        assertThat(context).hasFailed();
                        assertThat(session.status().createdTotal()).isPositive();
                        assertThat(session.status().liveSecrets()).isZero();
                        assertThat(session.status().liveBuffers()).isZero();
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({"1, a", "2, b"})
    void aLimitThatIsReachedHalfwayLeavesNoTextInMemory(int pages, String refused) {
        SecureMemoryOptions options = SecureMemoryOptions.builder()
                .lockLimitBytes(pages * Starter.pageSize())
                .build();
        try (SecureMemory session = SecureMemory.create(options)) {
            Starter.runner()
                    .withBean("own", SecureMemory.class, () -> session, bean -> bean.setDestroyMethodName(""))
                    .withPropertyValues(
                            location("a", write(directory, "a", MARKER + "\n")),
                            location("b", write(directory, "b", MARKER + "\n")))
                    .run(context -> {
                        assertThat(context).hasFailed();
                        assertThat(context.getStartupFailure()).hasStackTraceContaining("The secret '" + refused + "'");
                        assertThat(session.status().liveSecrets()).isZero();
                        assertThat(session.status().liveBuffers()).isZero();
                    });
        }
    }

    /** With our auto-configuration only: Spring Boot analyzes failures whatever else there is. */
    private static void start(String... properties) {
        start(Application.class, properties);
    }

    private static void startWhole(String... properties) {
        start(WholeApplication.class, properties);
    }

    private static void start(Class<?> application, String... properties) {
        String[] arguments =
                Arrays.stream(properties).map(property -> "--" + property).toArray(String[]::new);
        assertThatException()
                .isThrownBy(() -> new SpringApplicationBuilder(application)
                        .web(WebApplicationType.NONE)
                        .run(arguments)
                        .close());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Beans.class)
    static class WholeApplication {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    @Import(Beans.class)
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    static class Beans {

        @Bean
        Object eager() {
            return new Object();
        }

        @Bean
        @ConditionalOnBooleanProperty("test.create-secret")
        Secret random(SecretFactory secrets) {
            return secrets.createRandom(32);
        }
    }
}
