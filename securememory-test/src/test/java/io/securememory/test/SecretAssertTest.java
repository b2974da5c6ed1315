package io.securememory.test;

import static io.securememory.test.SecretAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecretAssertTest {

    private final SecureMemory session = SecureMemory.create();
    private final Secret secret = session.secrets().create("the content".toCharArray());

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void whatIsTruePasses() {
        assertThat(secret).isOpen().hasContent("the content").hasLength(11).hasStorage(Storage.PROTECTED);
        secret.close();
        assertThat(secret).isClosed();
    }

    @Test
    void otherContentFailsWithoutShowingEither() {
        fails(() -> assertThat(secret).hasContent("the comtent"), "other bytes");
        fails(() -> assertThat(secret).as("%s", "a key").hasContent("more than the content"), "[a key]");
    }

    @Test
    void whatIsFalseFails() {
        fails(() -> assertThat(secret).isClosed(), "it is open");
        fails(() -> assertThat(secret).hasLength(12), "it has 11");
        fails(() -> assertThat(secret).hasStorage(Storage.SEALED), "it is PROTECTED");
        fails(() -> assertThat(null).isOpen(), "null");
        secret.close();
        fails(() -> assertThat(secret).isOpen(), "it is closed");
        fails(() -> assertThat(secret).hasContent("the content"), "it is closed");
    }

    private static void fails(ThrowingCallable assertion, String message) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(assertion)
                .withMessageContaining(message)
                .satisfies(e -> org.assertj.core.api.Assertions.assertThat(e.toString())
                        .doesNotContain("the content", "the comtent"));
    }
}
