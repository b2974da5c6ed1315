package io.securememory.spring.boot.test;

import static io.securememory.test.SecretAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.spring.boot.NamedSecret;
import io.securememory.test.spring.TestSecret;
import io.securememory.testing.OnceInShortForm;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** The search in a test of an application, whose classes Spring looks for in the package of the test. */
@OnceInShortForm
@SpringBootTest(classes = TestSecretResidueIT.Application.class, webEnvironment = WebEnvironment.NONE)
@TestSecret(name = "db-password", value = "only for tests")
@TestSecret(name = "token")
@TestSecret(name = "leaked-password", value = "made up, and left behind on purpose")
@TestSecret(name = "leaked-token")
class TestSecretResidueIT {

    private static final AtomicReference<Object> LEAK = new AtomicReference<>();

    private static byte[] used(Secret secret) {
        return new HmacSha256(secret).sign(new byte[10]);
    }

    @Test
    void aSecretThatIsWrittenInTheTestLeavesNothing(@Autowired @NamedSecret("db-password") Secret password) {
        used(password);
        assertThat(password).hasContent("only for tests").hasNoResidue();
    }

    @Test
    void aRandomSecretLeavesNothing(@Autowired @NamedSecret("token") Secret token) {
        used(token);
        assertThat(token).hasLength(32).hasNoResidue();
    }

    @Test
    void aCopyOfASecretThatIsWrittenInTheTestIsFound(@Autowired @NamedSecret("leaked-password") Secret password) {
        leaks(password);
    }

    @Test
    void aCopyOfARandomSecretIsFound(@Autowired @NamedSecret("leaked-token") Secret token) {
        leaks(token);
    }

    private static void leaks(Secret secret) {
        LEAK.set(secret.withHeapChars(String::new));
        try {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> assertThat(secret).as("the-name").hasNoResidue())
                    .withMessageContaining("[the-name]")
                    .withMessageContaining(
                            "Latin-1 String: java.util.concurrent.atomic.AtomicReference.value <- static "
                                    + TestSecretResidueIT.class.getName() + ".LEAK")
                    .satisfies(e -> assertThat(secret.<Boolean, RuntimeException>withHeapChars(
                                    content -> e.getMessage().contains(new String(content))))
                            .as("content in the message")
                            .isFalse());
        } finally {
            LEAK.set(null);
        }
    }

    @SpringBootApplication(proxyBeanMethods = false)
    static class Application {}
}
