package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.internal.SourceSecret;
import io.securememory.testing.Await;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Workers;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Secrets that are made of another secret and end with it. */
@OnEverySystem
class DerivedSecretsTest {

    private static final int RACES = 200;

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void closeSession() {
        session.close();
    }

    private SourceSecret secret(Storage storage) {
        return (SourceSecret) session.secrets(storage).create(new byte[] {1, 2, 3});
    }

    private static Secret derived(SourceSecret from) {
        return from.derive(1, target -> target.put(0, (byte) 7));
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aDerivedSecretIsStoredAsItsSource(Storage storage) {
        Secret derived = derived(secret(storage));

        assertThat(derived.storage()).isEqualTo(storage);
        assertThat(derived.contentEquals(new byte[] {7})).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aDerivedSecretIsClosedWithItsSource(Storage storage) {
        SourceSecret source = secret(storage);
        Secret first = derived(source);
        Secret second = derived((SourceSecret) first);

        source.close();

        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isTrue();
        assertThat(session.status().liveSecrets()).isZero();
    }

    @Test
    void aClosedDerivedSecretLeavesItsSourceOpen() {
        SourceSecret source = secret(Storage.PROTECTED);
        derived(source).close();

        assertThat(source.isClosed()).isFalse();
        assertThat(source.contentEquals(new byte[] {1, 2, 3})).isTrue();
    }

    @Test
    void nothingIsDerivedFromAClosedSecret() {
        SourceSecret source = secret(Storage.PROTECTED);
        derived(source);
        source.close();

        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> derived(source));
        assertThat(session.status().liveSecrets()).isZero();
    }

    @Test
    void nothingIsDerivedFromASecretThatWasClosedBeforeAnythingWasDerived() {
        SourceSecret source = secret(Storage.SEALED);
        source.close();

        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> derived(source));
        assertThat(session.status().liveSecrets()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void nothingIsDerivedInAClosedSession(Storage storage) {
        SourceSecret source = secret(storage);
        session.close();

        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> derived(source));
    }

    private static @Nullable Secret derivedOrNull(SourceSecret from) {
        try {
            return derived(from);
        } catch (SecretClosedException e) {
            return null;
        }
    }

    @Test
    void aSecretThatIsDerivedWhileItsSourceIsClosedEndsToo() throws Exception {
        for (int i = 0; i < RACES; i++) {
            SourceSecret source = secret(Storage.SEALED);
            @Nullable Secret derived;
            try (Workers workers = new Workers()) {
                Future<@Nullable Secret> made = workers.submit(() -> derivedOrNull(source));
                source.close();
                derived = Await.result(made);
            }
            assertThat(derived == null || derived.isClosed()).isTrue();
            assertThat(session.status().liveSecrets()).isZero();
        }
    }
}
