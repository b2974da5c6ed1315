package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import jakarta.annotation.PreDestroy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Properties of type Secret in an application's own records. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
class SecretPropertyTest {

    @TempDir
    Path directory;

    @Test
    void aLocationIsBoundAsTheSecretThatIsThere() {
        try (ConfigurableApplicationContext context =
                start("--my.service.api-key=file:" + write(directory, "key", MARKER + "\n"), "--my.service.other=")) {
            MyService properties = context.getBean(MyService.class);
            assertThat(text(properties.apiKey())).isEqualTo(MARKER);
            assertThat(properties.other()).isNull();
            assertThat(context.getBean(SecureMemory.class).status().liveSecrets())
                    .isEqualTo(1);
        }
    }

    @Test
    void aPropertyThatIsNotSetIsNull() {
        try (ConfigurableApplicationContext context = start()) {
            assertThat(context.getBean(MyService.class)).isEqualTo(new MyService(null, null));
        }
    }

    @Test
    void theSessionOutlivesTheBeansThatReadTheProperty() {
        try (ConfigurableApplicationContext context =
                start("--my.service.api-key=file:" + write(directory, "key", MARKER))) {
            LastWords bean = context.getBean(LastWords.class);
            Secret secret = context.getBean(MyService.class).apiKey();

            context.close();

            assertThat(bean.heard).containsExactly(MARKER);
            assertThat(secret.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MARKER, "https://example.com/" + MARKER, "file:" + MARKER + "\u0000"})
    void contentInPlaceOfALocationIsShownNowhere(String value, CapturedOutput output) {
        Exception failure = catchException(() -> start("--my.service.api-key=" + value));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The property my.service.api-key cannot be bound. A property of type Secret ")
                .contains("it is not shown here, because it may be the secret itself.")
                .contains("Never put the secret itself into a property")
                .doesNotContain(MARKER);
        assertThat(Throwables.getStackTrace(failure))
                .contains("my.service.api-key")
                .doesNotContain(MARKER);
    }

    @Test
    void aMissingFileIsNamedWithItsProperty(CapturedOutput output) {
        Path file = directory.resolve("nothing");
        assertThat(catchException(() -> start("--my.service.api-key=file:" + file)))
                .isNotNull();
        assertThat(output)
                .contains("The property my.service.api-key cannot be bound.")
                .contains(file + ": it does not exist.")
                .contains("Mount the file, or set the property to where it is.")
                .doesNotContain("securememory.secrets.");
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(arguments);
    }

    @ConfigurationProperties("my.service")
    record MyService(@Nullable Secret apiKey, @Nullable Secret other) {}

    /** Comes before the auto-configuration, and so before its session. */
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(MyService.class)
    static class LastWords {

        final MyService properties;
        final List<String> heard = new ArrayList<>();

        LastWords(MyService properties) {
            this.properties = properties;
        }

        @PreDestroy
        void speak() {
            Secret key = properties.apiKey();
            if (key != null) {
                heard.add(text(key));
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(LastWords.class)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class Application {}
}
