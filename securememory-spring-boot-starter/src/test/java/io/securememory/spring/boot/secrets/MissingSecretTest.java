package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.NamedSecret;
import io.securememory.spring.boot.SecretStore;
import jakarta.annotation.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who asks for a secret that there is not, or for one as something else, reads which there are and what to write. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
class MissingSecretTest {

    private static final String READ_IT = "Inject io.securememory.Secret, and read it where it is used";

    @ParameterizedTest
    @ValueSource(classes = {ByQualifier.class, ByAnnotation.class, ByField.class, ByMethod.class})
    void aWrongNameEndsInAListOfAllAndTheNearestOne(Class<?> component, CapturedOutput output) {
        start(component);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(component.getName() + " asks for the secret 'webhok-key', which does not exist.")
                .contains("There are the secrets 'database-password', 'webhook-key'.")
                .contains("Declared and optional, but with nothing at their location: 'absent'.")
                .contains("Write @Qualifier(\"webhook-key\") if you mean this secret.")
                .contains("Declare the secret by securememory.secrets.webhok-key.location");
    }

    @ParameterizedTest
    @ValueSource(classes = {LookedUp.class, AsResource.class})
    void aWrongNameThatIsLookedUpEndsInTheSameList(Class<?> component, CapturedOutput output) {
        start(component);
        assertThat(output)
                .contains("asks for the secret 'webhok-key', which does not exist.")
                .contains("There are the secrets 'database-password', 'webhook-key'.")
                .contains("Write @Qualifier(\"webhook-key\") if you mean this secret.");
    }

    @Test
    void anotherBeanThatIsMissingIsLeftToSpringBoot(CapturedOutput output) {
        start(OtherBean.class);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("java.lang.StringBuilder")
                .doesNotContain("There are the secrets");
    }

    @Test
    void anOptionalSecretThatIsNotThereIsSaidToBe(CapturedOutput output) {
        start(OfOptional.class);
        assertThat(output)
                .contains("asks for the secret 'absent', which does not exist.")
                .contains(
                        "Put the secret where securememory.secrets.absent.location says, or inject ObjectProvider<Secret>");
    }

    @Test
    void oneOfSeveralHasToBeNamed(CapturedOutput output) {
        start(ByType.class);
        assertThat(output)
                .contains("asks for a secret without a name, and there are several.")
                .contains("There are the secrets 'database-password', 'webhook-key'.")
                .contains("@NamedSecret(\"<name>\")");
    }

    @Test
    void withoutAnySecretOneReadsHowToDeclareIt(CapturedOutput output) {
        run(ByType.class);
        assertThat(output)
                .contains("asks for a secret, which does not exist.\nThere is no secret.")
                .contains("Declare the secret by securememory.secrets.<name>.location");
    }

    @ParameterizedTest
    @ValueSource(classes = {ByType.class, ByQualifier.class, OfFactory.class, OfStore.class, OfSession.class})
    void whereSecureMemoryIsDisabledThatIsTheReason(Class<?> component, CapturedOutput output) {
        start(component, "--securememory.enabled=false");
        assertThat(output)
                .contains("because Secure Memory is not configured")
                .contains("Remove securememory.enabled=false")
                .contains("@ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                AsString.class,
                AsBytes.class,
                AsChars.class,
                AsOptionalText.class,
                OfMethodAsBytes.class,
                LookedUpAsString.class,
                AsSpel.class
            })
    void aSecretIsNoText(Class<?> component, CapturedOutput output) {
        start(component);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .containsPattern(
                        "asks for (the secret 'webhook-key'|a secret) as (java\\.lang\\.String|byte\\[\\]|char\\[\\])\\.")
                .contains("is of type io.securememory.Secret and is converted to no other")
                .contains(READ_IT)
                .contains("withHeapChars");
    }

    @ParameterizedTest
    @ValueSource(classes = {OfPlaceholder.class, OfPlaceholderOfItsName.class, OfMisspelledPlaceholder.class})
    void aSecretIsNoProperty(Class<?> component, CapturedOutput output) {
        start(component);
        assertThat(output)
                .contains("A declared secret is a bean: its text is never a property.")
                .contains("There are the secrets 'database-password', 'webhook-key'.")
                .contains("Write @Qualifier(\"webhook-key\") Secret instead of @Value.")
                .contains(READ_IT);
    }

    @Test
    void anotherPlaceholderIsLeftToSpringBoot(CapturedOutput output) {
        start(OfOtherPlaceholder.class);
        assertThat(output).contains("no.such.property").doesNotContain("There are the secrets");
    }

    @Test
    void noSecretIsMadeOfTheTextOfAProperty(CapturedOutput output) {
        start(OfText.class, "--my.text=" + MARKER);
        assertThat(output)
                .contains("asks for a Secret that is made from text, for example by @Value.")
                .contains("Declare the secret by securememory.secrets.<name>.location")
                .contains("@ConfigurationProperties")
                .doesNotContain(MARKER);
    }

    private static void start(Class<?> component, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--securememory.secrets.webhook-key.generate=32",
                "--securememory.secrets.database-password.generate=32",
                "--securememory.secrets.absent.location=file:/no/such/file",
                "--securememory.secrets.absent.required=false"));
        arguments.addAll(List.of(more));
        run(component, arguments.toArray(String[]::new));
    }

    private static void run(Class<?> component, String... arguments) {
        assertThatException()
                .isThrownBy(() -> new SpringApplicationBuilder(Application.class, component)
                        .web(WebApplicationType.NONE)
                        .run(arguments)
                        .close());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static class ByQualifier {
        ByQualifier(@Qualifier("webhok-key") Secret key) {}
    }

    static class ByAnnotation {
        ByAnnotation(@NamedSecret("webhok-key") Secret key) {}
    }

    static class ByField {
        @Autowired
        @Qualifier("webhok-key")
        Secret key;
    }

    @Configuration(proxyBeanMethods = false)
    static class ByMethod {
        @Bean
        Object made(@NamedSecret("webhok-key") Secret key) {
            return key;
        }
    }

    static class LookedUp {
        LookedUp(BeanFactory beans) {
            beans.getBean("webhok-key", Secret.class);
        }
    }

    static class AsResource {
        @Resource(name = "webhok-key")
        Secret key;
    }

    static class OtherBean {
        OtherBean(@Qualifier("webhok-key") StringBuilder other) {}
    }

    static class OfOptional {
        OfOptional(@Qualifier("absent") Secret absent) {}
    }

    static class ByType {
        ByType(Secret key) {}
    }

    static class OfFactory {
        OfFactory(SecretFactory factory) {}
    }

    static class OfStore {
        OfStore(SecretStore store) {}
    }

    static class OfSession {
        OfSession(SecureMemory session) {}
    }

    static class AsString {
        AsString(@Qualifier("webhook-key") String key) {}
    }

    static class AsBytes {
        AsBytes(@NamedSecret("webhook-key") byte[] key) {}
    }

    static class AsChars {
        AsChars(@Qualifier("webhook-key") char[] key) {}
    }

    static class AsOptionalText {
        AsOptionalText(@Qualifier("webhook-key") Optional<String> key) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class OfMethodAsBytes {
        @Bean
        Object made(@NamedSecret("webhook-key") byte[] key) {
            return key;
        }
    }

    static class LookedUpAsString {
        LookedUpAsString(BeanFactory beans) {
            beans.getBean("webhook-key", String.class);
        }
    }

    static class AsSpel {
        AsSpel(@Value("#{@'webhook-key'}") String key) {}
    }

    static class OfPlaceholder {
        OfPlaceholder(@Value("${securememory.secrets.webhook-key}") String key) {}
    }

    static class OfPlaceholderOfItsName {
        OfPlaceholderOfItsName(@Value("${webhook-key}") String key) {}
    }

    static class OfMisspelledPlaceholder {
        OfMisspelledPlaceholder(@Value("${securememory.secrets.webhok-key}") String key) {}
    }

    static class OfOtherPlaceholder {
        OfOtherPlaceholder(@Value("${no.such.property}") String key) {}
    }

    static class OfText {
        OfText(@Value("${my.text}") Secret key) {}
    }
}
