package io.securememory.jca.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.internal.SourceSecret;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.KeyShape;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the numbers of a key when its secret is rotated. */
class FollowedContentTest {

    private static final int ROTATIONS = 5;

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void closeSession() {
        session.close();
    }

    private static KeyContent.Numbers read(Secret text, @Nullable Secret passphrase) {
        Secret numbers = ((SourceSecret) text).derive(1, view -> {});
        return new KeyContent.Numbers(new KeyShape.Ec(Curve.P_256), numbers);
    }

    private void leakOne() {
        session.secrets().createRandom(1);
    }

    @Test
    void numbersOfAVersionThatIsStillOpenAreNoLeakAndEndWithIt() {
        RotatedSecret secret = new RotatedSecret(session.secrets().createRandom(1));
        FollowedContent content = new FollowedContent(secret, null, FollowedContentTest::read);
        List<Secret> old = new ArrayList<>();
        for (int i = 0; i < ROTATIONS; i++) {
            old.add(secret.replace(session.secrets().createRandom(1)));
            content.current();
        }

        leakOne();
        Await.collected("the secret that nobody has", () -> session.status().leakedTotal() > 0);

        assertThat(session.status().leakedTotal()).isEqualTo(1);
        old.forEach(Secret::close);
        // What leaked is closed after it was counted.
        Await.until(
                "the text and the last numbers alone to be left",
                () -> session.status().liveSecrets() == 2);
        assertThat(content.isClosed()).isFalse();
    }

    @Test
    void aDestroyedKeyKeepsNoNumbersOfOldVersions() {
        RotatedSecret secret = new RotatedSecret(session.secrets().createRandom(1));
        FollowedContent content = new FollowedContent(secret, null, FollowedContentTest::read);
        Secret old = secret.replace(session.secrets().createRandom(1));
        content.current();

        content.close();

        assertThat(session.status().liveSecrets()).isEqualTo(2); // The two texts.
        assertThat(old.isClosed()).isFalse();
    }

    /** Closing waits for those who compute, and those who compute may ask what the key is like. */
    @Test
    void whoComputesIsNotKeptWaitingByACloseThatWaitsForIt() throws Exception {
        try (SecureMemory patient = SecureMemory.create(SecureMemoryOptions.builder()
                        .closeTimeout(Await.LIMIT.multipliedBy(2))
                        .build());
                Workers workers = new Workers()) {
            RotatedSecret secret = new RotatedSecret(patient.secrets().createRandom(1));
            FollowedContent content = new FollowedContent(secret, null, FollowedContentTest::read);
            Secret numbers = content.current().numbers();
            secret.replace(patient.secrets().createRandom(1));

            Future<?> closing = numbers.withBytes(view -> {
                Future<?> begun = workers.run(content::close);
                Await.until("the close to begin", numbers::isClosed);
                Future<?> asking = workers.submit(content::current);
                assertThatThrownBy(() -> Await.result(asking)).hasRootCauseInstanceOf(SecretClosedException.class);
                return begun;
            });
            Await.result(closing);
        }
    }

    /** An encrypted key takes seconds to read, and each signature asks for it. */
    @Test
    void aVersionThatIsNoKeyIsReadOnce() {
        RotatedSecret secret = new RotatedSecret(session.secrets().createRandom(1));
        AtomicInteger reads = new AtomicInteger();
        FollowedContent content = new FollowedContent(secret, null, (text, passphrase) -> {
            reads.incrementAndGet();
            if (text.length() > 1) {
                throw new MalformedSecretException(0, "it is encrypted by another passphrase, or damaged");
            }
            return read(text, passphrase);
        });
        secret.rotate(session.secrets().createRandom(2));

        for (int i = 0; i < ROTATIONS; i++) {
            assertThatThrownBy(content::current)
                    .isInstanceOf(MalformedSecretException.class)
                    .hasMessageContaining("another passphrase");
        }
        assertThat(reads).hasValue(2);

        secret.rotate(session.secrets().createRandom(1));
        content.current();
        assertThat(reads).hasValue(3);
    }
}
