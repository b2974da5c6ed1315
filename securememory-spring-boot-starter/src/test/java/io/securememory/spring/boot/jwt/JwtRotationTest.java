package io.securememory.spring.boot.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.testsupport.Way;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncodingException;

/** A declared secret is rotated while tokens are signed and verified with it. */
@OnceInShortForm
class JwtRotationTest {

    private static final Duration GRACE = Duration.ofMinutes(2);
    private static final int THREADS = 4;

    @TempDir
    Path directory;

    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.now());

    /** Uses an application whose secret is the key, with a session and a store of its own. */
    @FunctionalInterface
    private interface Use {
        void accept(Application application) throws Exception;
    }

    private final class Application {

        private final SecureMemory session;
        private final SecretStore store;
        private final Secret secret;
        private final JwtAlgorithm algorithm;

        Application(AssertableApplicationContext context, JwtAlgorithm algorithm) {
            session = context.getBean(SecureMemory.class);
            store = context.getBean(SecretStore.class);
            secret = store.get("key");
            this.algorithm = algorithm;
        }

        ProtectedJwt.Builder builder() {
            return ProtectedJwt.of(session, secret, algorithm)
                    .previousKeyGrace(GRACE)
                    .clock(time::get);
        }

        void rotate(String text) throws IOException {
            Way.RENAMED.write(directory.resolve("key"), text);
            assertThat(store.reload("key")).isTrue();
        }

        OrdinaryKey rotate() throws IOException {
            OrdinaryKey next = OrdinaryKey.of(algorithm);
            rotate(next.text());
            return next;
        }

        int live() {
            return Math.toIntExact(session.status().liveSecrets());
        }
    }

    private void run(JwtAlgorithm algorithm, Use use) {
        Path file = Starter.write(directory, "key", OrdinaryKey.of(algorithm).text());
        Starter.runner()
                .withPropertyValues(
                        Starter.location("key", file),
                        "securememory.secrets.key.encoding=" + (algorithm.isSymmetric() ? "hex" : "raw"),
                        Starter.KEEPS_DROPPED_SECRETS)
                .run(context -> use.accept(new Application(context, algorithm)));
    }

    private static void accepted(ProtectedJwt jwt, String token) {
        assertThat(jwt.decoder().decode(token).getSubject()).isEqualTo("someone");
    }

    private static void refused(ProtectedJwt jwt, String token) {
        assertThatExceptionOfType(BadJwtException.class)
                .isThrownBy(() -> jwt.decoder().decode(token));
    }

    private static List<String> shown(ProtectedJwt jwt) {
        return jwt.publicKeys().getKeys().stream().map(JWK::getKeyID).toList();
    }

    @ParameterizedTest
    @EnumSource
    void theNewKeySignsAtOnceAndThePreviousOneVerifiesInItsGraceTime(JwtAlgorithm algorithm) {
        run(algorithm, application -> {
            try (ProtectedJwt jwt = application.builder().build()) {
                int before = application.live();
                String old = Tokens.by(jwt);
                OrdinaryKey next = application.rotate();
                String now = Tokens.by(jwt);

                assertThat(Tokens.idOf(now)).isNotEqualTo(Tokens.idOf(old));
                assertThat(SignedJWT.parse(now).verify(next.verifier())).isTrue();
                accepted(jwt, old);
                accepted(jwt, now);
                assertThat(shown(jwt))
                        .isEqualTo(algorithm.isSymmetric() ? List.of() : List.of(Tokens.idOf(now), Tokens.idOf(old)));

                time.set(time.get().plus(GRACE).minusMillis(1));
                accepted(jwt, old);
                time.set(time.get().plusMillis(1));
                refused(jwt, old);
                accepted(jwt, now);
                assertThat(shown(jwt)).hasSize(algorithm.isSymmetric() ? 0 : 1);
                assertThat(application.live()).as("secrets").isEqualTo(before);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HS256", "ES256"})
    void withoutAGraceTimeThePreviousKeyIsRefusedAtOnce(JwtAlgorithm algorithm) {
        run(algorithm, application -> {
            try (ProtectedJwt jwt =
                    application.builder().previousKeyGrace(Duration.ZERO).build()) {
                int before = application.live();
                String old = Tokens.by(jwt);
                application.rotate();
                accepted(jwt, Tokens.by(jwt));
                refused(jwt, old);
                assertThat(application.live()).as("secrets").isEqualTo(before);
            }
        });
    }

    @Test
    void aFormerKeyIsClosedInTimeAlsoWithoutAnyToken() {
        run(JwtAlgorithm.HS256, application -> {
            try (ProtectedJwt jwt = application
                    .builder()
                    .clock(Instant::now)
                    .previousKeyGrace(Duration.ofMillis(300))
                    .build()) {
                int before = application.live();
                application.rotate();
                jwt.refresh();
                Await.until("the end of the former key", () -> application.live() == before);
            }
        });
    }

    @Test
    void closingEndsWhatWaitsForTheEndOfAFormerKey() {
        run(JwtAlgorithm.HS256, application -> {
            ProtectedJwt jwt = application.builder().title("key of this test").build();
            application.rotate();
            jwt.refresh();
            jwt.close();
            assertThat(application.live()).as("the declared one").isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HS256", "ES256"})
    void contentThatIsNoKeySignsNothingAndTokensOfThePreviousKeyAreAccepted(JwtAlgorithm algorithm) {
        run(algorithm, application -> {
            try (ProtectedJwt jwt = application.builder().build()) {
                String old = Tokens.by(jwt);
                application.rotate("abcd");

                for (int i = 0; i < 2; i++) {
                    assertThatExceptionOfType(JwtEncodingException.class)
                            .isThrownBy(() -> Tokens.by(jwt))
                            .withCauseInstanceOf(JwtKeyException.class)
                            .withMessageNotContaining("abcd");
                    accepted(jwt, old);
                }

                application.rotate();
                accepted(jwt, Tokens.by(jwt));
                accepted(jwt, old);
                time.set(time.get().plus(GRACE));
                refused(jwt, old);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HS512", "EDDSA"})
    void aKeyIdThatIsSetIsThatOfEachKey(JwtAlgorithm algorithm) {
        run(algorithm, application -> {
            try (ProtectedJwt jwt = application.builder().keyId("mine").build()) {
                String old = Tokens.by(jwt);
                application.rotate();
                String now = Tokens.by(jwt);

                assertThat(List.of(Tokens.idOf(old), Tokens.idOf(now))).containsOnly("mine");
                accepted(jwt, old);
                accepted(jwt, now);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void afterAPurgeAReloadBringsTheKeyBack(JwtAlgorithm algorithm) {
        run(algorithm, application -> {
            try (ProtectedJwt jwt = application.builder().build()) {
                String old = Tokens.by(jwt);
                application.session.purge();
                assertThatExceptionOfType(JwtEncodingException.class).isThrownBy(() -> Tokens.by(jwt));

                assertThat(application.store.reload("key")).isTrue();
                accepted(jwt, Tokens.by(jwt));
                accepted(jwt, old);

                application.session.purge();
                application.rotate();
                accepted(jwt, Tokens.by(jwt));
            }
        });
    }

    @Test
    void fewFormerKeysAreKept() {
        run(JwtAlgorithm.HS256, application -> {
            try (ProtectedJwt jwt = application.builder().build()) {
                int before = application.live();
                List<String> tokens = new ArrayList<>();
                for (int i = 0; i < JwtKeys.MOST_FORMER + 3; i++) {
                    tokens.add(Tokens.by(jwt));
                    application.rotate();
                    jwt.refresh();
                }
                assertThat(application.live()).isEqualTo(before + JwtKeys.MOST_FORMER);
                tokens.subList(0, 3).forEach(token -> refused(jwt, token));
                tokens.subList(3, tokens.size()).forEach(token -> accepted(jwt, token));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HS256", "HS384", "ES256", "EDDSA"})
    void noTokenFailsWhileTheKeyIsRotated(JwtAlgorithm algorithm) {
        int rotations = Effort.of("tests.rotations", 40, 500);
        run(algorithm, application -> {
            AtomicBoolean end = new AtomicBoolean();
            try (ProtectedJwt jwt = application.builder().build();
                    Workers workers = new Workers()) {
                JwtDecoder decoder = jwt.decoder();
                List<Future<Integer>> running = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    String subject = "thread " + i;
                    running.add(workers.submit(() -> {
                        int done = 0;
                        for (; !end.get() || done == 0; done++) {
                            String token = Tokens.by(jwt.encoder(), subject);
                            assertThat(decoder.decode(token).getSubject()).isEqualTo(subject);
                        }
                        return done;
                    }));
                }
                try {
                    for (int i = 0; i < rotations; i++) {
                        application.rotate();
                    }
                } finally {
                    end.set(true);
                }
                for (Future<Integer> one : running) {
                    assertThat(Await.result(one)).isPositive();
                }
            }
        });
    }

    /** A rotation closes the key while it signs. */
    @ParameterizedTest
    @EnumSource(names = {"HS256", "ES256"})
    void noTokenFailsToBeSignedWithoutAGraceTime(JwtAlgorithm algorithm) {
        int rotations = Effort.of("tests.rotations", 40, 500);
        run(algorithm, application -> {
            AtomicBoolean end = new AtomicBoolean();
            try (ProtectedJwt jwt = application
                            .builder()
                            .previousKeyGrace(Duration.ZERO)
                            .build();
                    Workers workers = new Workers()) {
                List<Future<Integer>> running = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    running.add(workers.submit(() -> {
                        int done = 0;
                        for (; !end.get() || done == 0; done++) {
                            assertThat(Tokens.by(jwt)).isNotEmpty();
                        }
                        return done;
                    }));
                }
                try {
                    for (int i = 0; i < rotations; i++) {
                        application.rotate();
                    }
                } finally {
                    end.set(true);
                }
                for (Future<Integer> one : running) {
                    assertThat(Await.result(one)).isPositive();
                }
            }
        });
    }
}
