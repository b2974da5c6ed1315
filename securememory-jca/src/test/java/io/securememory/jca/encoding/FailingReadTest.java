package io.securememory.jca.encoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.internal.SourceSecret;
import io.securememory.testing.PemForms;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left when reading ends by something else than the text: a purge, a limit, a close. */
class FailingReadTest {

    private final SecureMemory session = SecureMemory.create();
    private final Secret passphrase = session.secrets().create("secret".toCharArray());

    @AfterEach
    void closeSession() {
        session.close();
    }

    private SourceSecret text(String file) {
        return (SourceSecret) session.secrets().create(PemForms.file(file).getBytes(ISO_8859_1));
    }

    /** The secret, with something that happens before and after each secret is made of it, counted from 0. */
    private static SourceSecret with(SourceSecret text, IntConsumer before, IntConsumer after) {
        int[] made = new int[1];
        return (SourceSecret) Proxy.newProxyInstance(
                SourceSecret.class.getClassLoader(),
                new Class<?>[] {SourceSecret.class},
                (proxy, method, arguments) -> {
                    try {
                        if (!method.getName().equals("derive")) {
                            return method.invoke(text, arguments);
                        }
                        int number = made[0]++;
                        before.accept(number);
                        Object derived = method.invoke(text, arguments);
                        after.accept(number);
                        return derived;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** How many secrets are made, the last one for the numbers. */
    private int secretsOf(String file) {
        int[] count = new int[1];
        try (SourceSecret text = text(file)) {
            PrivateKeyText.read(with(text, number -> count[0]++, number -> {}), passphrase);
        }
        return count[0];
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa.pem",
                "rsa.der",
                "rsa-pkcs1.pem",
                "rsa-aes256.pem",
                "rsa-pbe-des3.pem",
                "rsa-traditional-aes256.pem",
                "prime256v1-sec1.pem",
                "prime256v1-traditional.pem",
                "ED25519-encrypted.pem"
            })
    void nothingIsLeftWhereALimitIsMet(String file) {
        int all = secretsOf(file);
        for (int failing = 0; failing < all; failing++) {
            int failure = failing;
            try (SourceSecret text = text(file)) {
                SourceSecret limited = with(
                        text,
                        number -> {
                            if (number == failure) {
                                throw new MemoryLimitException(1, 1, 1, 12);
                            }
                        },
                        number -> {});
                assertThatExceptionOfType(MemoryLimitException.class)
                        .isThrownBy(() -> PrivateKeyText.read(limited, passphrase));
                assertThat(session.status().liveSecrets()).isEqualTo(2);
            }
        }
        assertThat(session.status().liveBuffers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa.der", "rsa-pkcs1.pem", "rsa-aes256.pem", "prime256v1-traditional.pem", "ED448.pem"})
    void aPurgeIsNoDamage(String file) {
        for (boolean first : new boolean[] {true, false}) {
            int all = secretsOf(file);
            for (int i = 0; i < all; i++) {
                int purging = i;
                IntConsumer nothing = number -> {};
                try (SecureMemory own = SecureMemory.create();
                        Secret word = own.secrets().create("secret".toCharArray());
                        SourceSecret text = (SourceSecret)
                                own.secrets().create(PemForms.file(file).getBytes(ISO_8859_1))) {
                    IntConsumer purgeOwn = number -> {
                        if (number == purging) {
                            own.purge(Duration.ZERO);
                        }
                    };
                    SourceSecret purged = with(text, first ? purgeOwn : nothing, first ? nothing : purgeOwn);
                    assertThatExceptionOfType(SecretClosedException.class)
                            .isThrownBy(() -> PrivateKeyText.read(purged, word));
                    assertThat(own.status().liveSecrets()).isZero();
                }
            }
        }
    }

    /** Only then is it known that the text was not purged, so that the numbers are those of a key. */
    @Test
    void numbersAreClosedIfTheTextIsClosedBeforeItsAccessHasEnded() {
        SourceSecret text = text("ED25519.pem");
        Secret[] made = new Secret[1];
        SourceSecret failing = (SourceSecret) Proxy.newProxyInstance(
                SourceSecret.class.getClassLoader(),
                new Class<?>[] {SourceSecret.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(text, arguments);
                    if (method.getName().equals("withBytes")) {
                        throw new SecretClosedException("at the end");
                    }
                    made[0] = (Secret) result;
                    return result;
                });
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> PrivateKeyText.read(failing, null))
                .withMessage("at the end");
        assertThat(made[0].isClosed()).isTrue();
        assertThat(session.status().liveSecrets()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa.der", "rsa-aes256.pem", "prime256v1-sec1.pem"})
    void numbersEndWithTheirText(String file) {
        for (Storage storage : Storage.values()) {
            SourceSecret text = (SourceSecret)
                    session.secrets(storage).create(PemForms.file(file).getBytes(ISO_8859_1));
            Secret numbers = PrivateKeyText.read(text, passphrase).numbers();
            assertThat(numbers.isClosed()).isFalse();
            text.close();
            assertThat(numbers.isClosed()).isTrue();
            assertThat(session.status().liveSecrets()).isEqualTo(1);
        }
    }

    @Test
    void aClosedPassphraseIsNoWrongOne() {
        SourceSecret text = text("rsa-aes256.pem");
        passphrase.close();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> PrivateKeyText.read(text, passphrase));
        assertThat(session.status().liveSecrets()).isEqualTo(1);
    }
}
