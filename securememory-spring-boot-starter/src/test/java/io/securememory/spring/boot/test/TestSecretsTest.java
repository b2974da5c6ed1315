package io.securememory.spring.boot.test;

import static io.securememory.test.SecretAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.Secret;
import io.securememory.Storage;
import io.securememory.test.spring.TestSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(classes = TestSecretsTest.Application.class, webEnvironment = WebEnvironment.NONE)
@Tag("boot")
@Tag("boot-smoke")
class TestSecretsTest {

    private static final byte[] BYTES = {0, -1, 13, 10};

    @DynamicPropertySource
    static void secrets(DynamicPropertyRegistry registry) {
        TestSecrets.register(registry, "webhook-key", "only for tests\n");
        TestSecrets.register(registry, "binary.key", BYTES);
    }

    @Test
    void theyAreLoadedAsTheyAre(
            @Autowired @Qualifier("webhook-key") Secret text, @Autowired @Qualifier("binary.key") Secret binary) {
        assertThat(text).isOpen().hasContent("only for tests\n").hasLength(15).hasStorage(Storage.PROTECTED);
        assertThat(binary).hasContent(BYTES);
    }

    @Test
    void theFileIsForItsOwnerOnly(@Value("${securememory.secrets[webhook-key].location}") String location)
            throws IOException {
        Path file = Path.of(location.substring("file:".length()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void anEmptySecretIsRefusedByName() {
        Map<String, Object> none = new HashMap<>();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestSecrets.register(none::put, "webhook-key", ""))
                .withMessageContaining("'webhook-key' is empty");
        assertThat(none).isEmpty();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
