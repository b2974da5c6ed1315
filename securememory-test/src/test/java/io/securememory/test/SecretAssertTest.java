package io.securememory.test;

import static io.securememory.test.SecretAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecretAssertTest {

    private static byte[] held;

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

    @Test
    void aCopyFailsWithItsPlaceAndNameAndNotItsContent() {
        try (Secret random = session.secrets().createRandom(32)) {
            assertThat(random).hasNoResidue();
            held = random.withHeapBytes(byte[]::clone);
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> assertThat(random).as("db-password").hasNoResidue())
                    .withMessageStartingWith("[db-password] Expected no copies")
                    .withMessageContaining("db-password: 1 ")
                    .withMessageContaining(SecretAssertTest.class.getName() + ".held");
        } finally {
            held = null;
        }
    }

    @Test
    void theSearchMayBeChanged() {
        byte[] response = "a response with the content".getBytes(StandardCharsets.UTF_8);
        fails(
                () -> assertThat(secret)
                        .hasNoResidue(search -> search.only(Place.GIVEN).alsoIn("a response", response)),
                "in a response at byte 16");
    }

    @Test
    void aSearchThatDoesNotFindWhatItPlantedFails() {
        fails(
                () -> assertThat(secret)
                        .hasNoResidue(search -> search.only(Place.NATIVE_MEMORY).within(Duration.ZERO)),
                "it proves nothing");
    }

    @Test
    void aClosedSecretCannotBeSearchedFor() {
        secret.close();
        fails(() -> assertThat(secret).hasNoResidue(), "it is closed");
    }

    private static void fails(ThrowingCallable assertion, String message) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(assertion)
                .withMessageContaining(message)
                .satisfies(e -> org.assertj.core.api.Assertions.assertThat(e.toString())
                        .doesNotContain("the content", "the comtent"));
    }
}
