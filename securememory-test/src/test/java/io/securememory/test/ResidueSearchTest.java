package io.securememory.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a search refuses, and what it finds in what it is given. */
class ResidueSearchTest {

    private static final byte[] BYTES = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 11, 12, 13, 14, 15, 16, 17, 18};

    private static void with(byte[] bytes, java.util.function.Consumer<Secret> test) {
        try (SecureMemory memory = SecureMemory.create();
                Secret secret = memory.secrets().create(bytes)) {
            test.accept(secret);
        }
    }

    @Test
    void aClosedSecretIsRefused() {
        with(BYTES.clone(), secret -> {
            secret.close();

            assertThatThrownBy(() -> ResidueSearch.of(secret)).isInstanceOf(SecretClosedException.class);
        });
    }

    @Test
    void aSearchRunsOnceAndAlsoAfterItsSecretWasClosed() {
        with(BYTES.clone(), secret -> {
            ResidueSearch search =
                    ResidueSearch.of(secret).alsoIn("response", BYTES).only(Place.GIVEN);
            secret.close();

            assertThat(search.run().findings())
                    .containsExactly(
                            new Finding("secret", Place.GIVEN, Encoding.BYTES, true, "in response at byte 0", 1));
            assertThatThrownBy(search::run).isInstanceOf(SecretClosedException.class);
        });
    }

    @Test
    void aSecretOfSomeoneElseIsRefusedWithARemedy() {
        Secret foreign = (Secret) Proxy.newProxyInstance(
                Secret.class.getClassLoader(),
                new Class<?>[] {Secret.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "copy" -> proxy;
                    case "length" -> 32;
                    case "withBytes" -> ((io.securememory.SecretFunction<?, ?>) arguments[0]).apply(null);
                    default -> null;
                });

        assertThatThrownBy(() -> ResidueSearch.of(foreign).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("make one with a SecretFactory");
    }

    @Test
    void secretsThatCannotBeToldApartAreRefusedByName() {
        for (byte[] bytes : List.of(new byte[] {1, 2, 3}, new byte[40], new byte[] {1, 2, 1, 2, 1, 2})) {
            with(
                    bytes,
                    secret -> assertThatThrownBy(
                                    () -> ResidueSearch.of(secret).named("pin").run())
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("'pin'"));
        }
    }

    @Test
    void aMissingFileIsNamedBeforeTheSearch() {
        with(
                BYTES.clone(),
                secret -> assertThatThrownBy(() -> ResidueSearch.of(secret)
                                .alsoIn(Path.of("no-such-file"))
                                .run())
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("no-such-file"));
    }
}
