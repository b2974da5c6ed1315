package io.securememory.spring.boot;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.testing.OnceInShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The searches for copies that README shows: the first finds none, and the second names the field. */
@OnceInShortForm
class ReadmeSearchIT {

    @Test
    void theyEndAsReadmeSays(@TempDir Path directory) throws Exception {
        ReadmeApplicationTest.inApplication(directory, (classes, test, context, key) -> {
            ReadmeApplicationTest.called(test, "nothingStays", Secret.class, key);
            SecretFactory secrets = context.getBean(SecretFactory.class);
            assertThatThrownBy(() -> ReadmeApplicationTest.called(test, "fails", SecretFactory.class, secrets))
                    .cause()
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("[token] Expected no copies of the secret")
                    .hasMessageContaining("WebhookSignerTest.copy <- ");
        });
    }
}
