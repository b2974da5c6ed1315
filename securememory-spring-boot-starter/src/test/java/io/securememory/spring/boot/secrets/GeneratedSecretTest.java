package io.securememory.spring.boot.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint;
import io.securememory.spring.boot.testsupport.Starter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Random bytes in the place of a file. */
@ExtendWith(OutputCaptureExtension.class)
class GeneratedSecretTest {

    private static final String KEY = "securememory.secrets.key.";

    @Test
    void aProfileGeneratesWhatAnotherFileLocatesByTakingItBack() {
        Starter.runner()
                .withPropertyValues(
                        KEY + "generate=32",
                        KEY + "location=",
                        KEY + "encoding=base64",
                        KEY + "trim=false",
                        KEY + "required=false",
                        KEY + "allow-world-readable=true",
                        KEY + "reload-interval=10s")
                .run(context -> assertThat(context.getBean("key", Secret.class).length())
                        .isEqualTo(32));
    }

    @Test
    void whatIsGeneratedIsLoggedAndWarnedOfInProduction(CapturedOutput output) {
        Starter.runner()
                .withPropertyValues(KEY + "generate=32", "spring.profiles.active=dev,reprod")
                .run(context -> assertThat(Starter.logged(output, "INFO", DeclaredSecretsRegistrar.class))
                        .singleElement()
                        .asString()
                        .contains("[key]")
                        .contains("are random bytes"));
        assertThat(Starter.logged(output, "WARN", DeclaredSecretsRegistrar.class))
                .isEmpty();
        Starter.runner()
                .withPropertyValues(KEY + "generate=32", "spring.profiles.active=eu-prod")
                .run(context -> assertThat(Starter.logged(output, "WARN", DeclaredSecretsRegistrar.class))
                        .singleElement()
                        .asString()
                        .contains("profile 'eu-prod'"));
    }

    @Test
    void aSecretIsGenerated() {
        Starter.runner().withPropertyValues(KEY + "generate=32").run(context -> {
            Secret secret = context.getBean("key", Secret.class);
            assertThat(secret.length()).isEqualTo(32);
            assertThat(secret.contentEquals(new byte[32])).isFalse();
            assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                    .isZero();
            Starter.runner()
                    .withPropertyValues(KEY + "generate=32")
                    .run(next -> assertThat(next.getBean("key", Secret.class).contentEquals(secret))
                            .isFalse());
        });
    }

    @Test
    void aGeneratedSecretIsSealedOnRequest() {
        Starter.runner()
                .withPropertyValues(KEY + "generate=1", KEY + "storage=sealed")
                .run(context ->
                        assertThat(context.getBean(Secret.class).storage()).isEqualTo(Storage.SEALED));
    }

    @Test
    void theEndpointShowsWhichAreGenerated() {
        Starter.runner()
                .withPropertyValues(
                        KEY + "generate=32",
                        "securememory.secrets.other.location=classpath:declared-secret.txt",
                        "management.endpoints.web.exposure.include=securememory",
                        "management.endpoint.securememory.show-names=true")
                .run(context -> {
                    SecureMemoryEndpoint endpoint = context.getBean(SecureMemoryEndpoint.class);
                    assertThat(endpoint.secureMemory(null).names()).containsExactly("key", "other");
                    assertThat(endpoint.secureMemory(null).generatedNames()).containsExactly("key");
                });
    }
}
