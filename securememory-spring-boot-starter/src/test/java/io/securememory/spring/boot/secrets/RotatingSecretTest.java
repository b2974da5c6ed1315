package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.spring.boot.testsupport.Starter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A secret whose bytes are replaced, at the worst moments. */
class RotatingSecretTest {

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void close() {
        session.close();
    }

    private Secret secret(String text) {
        return session.secrets().create(text.toCharArray());
    }

    /** Ways to read the text of a secret. */
    @FunctionalInterface
    interface Reading {
        String of(Secret secret) throws IOException;
    }

    private static String bytesOf(Secret secret) {
        return secret.<String, RuntimeException>withBytes(view -> {
            byte[] bytes = new byte[view.length()];
            view.copyTo(0, bytes, 0, bytes.length);
            return new String(bytes, UTF_8);
        });
    }

    static Stream<Reading> readings() {
        return Stream.of(
                RotatingSecretTest::bytesOf,
                Starter::text,
                secret -> secret.withHeapBytes(bytes -> new String(bytes, UTF_8)),
                secret -> secret.withKey("any", key -> new String(key.getEncoded(), UTF_8)),
                secret -> {
                    try (Secret copy = secret.copy()) {
                        return text(copy);
                    }
                },
                secret -> new String(secret.newInputStream().readAllBytes(), UTF_8),
                secret -> secret.contentEquals("new".getBytes(UTF_8)) ? "new" : "old",
                secret -> secret.contentEquals(secret) ? "new" : "different from itself");
    }

    /** A version that is replaced and closed at the very moment before it is entered. */
    private Secret losesTheRace(Secret version, Runnable rotation) {
        AtomicInteger calls = new AtomicInteger();
        return (Secret) Proxy.newProxyInstance(
                Secret.class.getClassLoader(), new Class<?>[] {Secret.class}, (proxy, method, arguments) -> {
                    boolean reads = !method.getName().equals("isClosed")
                            && !method.getName().equals("length")
                            && !method.getName().equals("close");
                    if (reads && calls.getAndIncrement() == 0) {
                        rotation.run();
                    }
                    Object[] real = arguments == null ? new Object[0] : arguments.clone();
                    for (int i = 0; i < real.length; i++) {
                        real[i] = real[i] == proxy ? version : real[i];
                    }
                    try {
                        return method.invoke(version, real);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("readings")
    void anAccessThatFindsItsVersionRotatedAwayStartsOverOnTheNewOne(Reading reading) throws IOException {
        Secret old = secret("old");
        RotatingSecret[] secret = new RotatingSecret[1];
        secret[0] = new RotatingSecret(losesTheRace(old, () -> {
            secret[0].replace(secret("new"));
            old.close();
        }));

        assertThat(reading.of(secret[0])).isEqualTo("new");
        assertThat(old.isClosed()).isTrue();
        assertThat(secret[0].isClosed()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("readings")
    void anAccessToASecretThatWasPurgedFails(Reading reading) {
        Secret secret = new RotatingSecret(secret("old"));
        session.purge();
        assertThat(secret.isClosed()).isTrue();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> reading.of(secret));
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void anActionThatHasBegunEndsOnItsVersionAndRunsOnce(Storage storage) {
        RotatingSecret secret = new RotatingSecret(session.secrets(storage).create("old".toCharArray()));
        AtomicInteger runs = new AtomicInteger();

        String seen = secret.<String, RuntimeException>withBytes(view -> {
            runs.incrementAndGet();
            secret.replace(secret("brand new")).close();
            assertThat(text(secret)).isEqualTo("brand new");
            return "" + (char) view.get(0) + (char) view.get(1) + (char) view.get(2);
        });

        assertThat(seen).isEqualTo("old");
        assertThat(runs).hasValue(1);
        assertThat(session.status().liveSecrets()).isEqualTo(1);
        assertThat(secret.length()).isEqualTo(9);
    }

    @Test
    void anActionThatFailsLikeAClosedSecretDoesNotRunAgain() {
        RotatingSecret secret = new RotatingSecret(secret("old"));
        AtomicInteger runs = new AtomicInteger();
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> secret.useBytes(view -> {
                    runs.incrementAndGet();
                    secret.replace(secret("new")).close();
                    throw new SecretClosedException("another one");
                }));
        assertThat(runs).hasValue(1);
    }

    @Test
    void anActionThatAPurgeInterruptsDoesNotRunAgain() {
        RotatingSecret secret = new RotatingSecret(secret("old"));
        AtomicInteger runs = new AtomicInteger();
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> secret.useBytes(view -> {
                    runs.incrementAndGet();
                    session.purge(Duration.ZERO);
                    secret.replace(secret("new")).close();
                }));
        assertThat(runs).hasValue(1);
        assertThat(text(secret)).isEqualTo("new");
    }

    @Test
    void signaturesAreThoseOfTheCurrentKey() {
        RotatingSecret key = new RotatingSecret(secret("old"));
        HmacSha256 hmac = new HmacSha256(key);
        byte[] before = hmac.sign(new byte[1]);

        key.replace(secret("new")).close();

        assertThat(hmac.verify(new byte[1], before)).isFalse();
        assertThat(hmac.sign(new byte[1])).isEqualTo(new HmacSha256(secret("new")).sign(new byte[1]));
    }

    @Test
    void anotherSecretIsComparedWithTheCurrentContent() {
        RotatingSecret secret = new RotatingSecret(secret("old"));
        secret.replace(secret("new")).close();
        assertThat(secret("new").contentEquals(secret)).isTrue();
        assertThat(secret.contentEquals(secret("new"))).isTrue();
        assertThat(secret.contentEquals(secret("old"))).isFalse();
    }

    @Test
    void aSecretThatWasClosedTakesNoNewContent() {
        RotatingSecret secret = new RotatingSecret(secret("old"));
        secret.close();
        Secret next = secret("new");
        assertThat(secret.replace(next)).isSameAs(next);
        assertThat(secret.isClosed()).isTrue();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> text(secret));
    }

    @Test
    void aStreamReadsOneContentToItsEndAndLeavesNothingOpen() throws IOException {
        RotatingSecret secret = new RotatingSecret(secret("old"));
        InputStream stream = secret.newInputStream();
        assertThat(stream.read()).isEqualTo('o');
        secret.replace(secret("new")).close();
        assertThat(session.status().liveSecrets()).isEqualTo(2);

        assertThat(stream.readAllBytes()).isEqualTo("ld".getBytes(UTF_8));
        assertThat(stream.read()).isEqualTo(-1);
        assertThat(session.status().liveSecrets()).isEqualTo(1);
        assertThat(secret.newInputStream().readAllBytes()).isEqualTo("new".getBytes(UTF_8));
    }

    @Test
    void aStreamEndsWithItsSecret() throws IOException {
        RotatingSecret secret = new RotatingSecret(secret("old"));
        InputStream stream = secret.newInputStream();
        assertThat(stream.skip(1)).isEqualTo(1);
        assertThat(stream.available()).isEqualTo(2);
        secret.close();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(stream::read);
        assertThat(session.status().liveSecrets()).isZero();
    }
}
