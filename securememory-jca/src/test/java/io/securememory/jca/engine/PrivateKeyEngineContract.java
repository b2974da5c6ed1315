package io.securememory.jca.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.engine.TestKeys.TestKey;
import io.securememory.memguard.internal.Computation;
import io.securememory.memguard.internal.ComputingView;
import io.securememory.testing.Await;
import io.securememory.testing.Seed;
import io.securememory.testing.Workers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an engine for private keys must do.
 *
 * <p>Kinds of exceptions: {@link InvalidKeyException} for numbers that are no key, for a key that is too short or is
 * not for this use, and for the public key of another side; {@link java.security.SignatureException} for an input that
 * is no such digest; {@link javax.crypto.BadPaddingException} for a ciphertext.
 */
abstract class PrivateKeyEngineContract implements RsaContract, EcContract, RawKeyContract {

    private final SecureMemory session = SecureMemory.create();

    @Override
    public SecureMemory session() {
        return session;
    }

    @AfterEach
    void closeSession() {
        session.close();
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().lockedBytes()).isZero();
    }

    /** One use of each kind of key. */
    private interface Use {
        Object by(SecretView view) throws GeneralSecurityException;
    }

    /**
     * A use of a key.
     *
     * @param name says which
     * @param key the key
     * @param use the use
     */
    private record KeyUse(String name, TestKey key, Use use) {}

    private List<KeyUse> uses() throws GeneralSecurityException {
        TestKey rsa = TestKeys.rsa(1024);
        List<KeyUse> uses = new ArrayList<>();
        add(uses, "PKCS#1", rsa, new SignatureScheme.Pkcs1(Digest.SHA_256), 32);
        add(uses, "PSS", rsa, new SignatureScheme.Pss(Digest.SHA_256, Digest.SHA_256, 32), 32);
        uses.add(new KeyUse(
                "decrypt", rsa, view -> engine().decrypt(view, rsa.rsa(), new RsaPadding.None(), new byte[128])));
        for (Curve curve : Curve.values()) {
            TestKey key = TestKeys.ec(curve);
            add(uses, "ECDSA", key, new SignatureScheme.Ecdsa(Digest.SHA_256), 32);
            addAgreement(uses, key, TestKeys.publicBytes(TestKeys.ec(curve)));
        }
        for (RawKey kind : RawKey.values()) {
            TestKey key = TestKeys.raw(kind);
            if (kind.signs()) {
                add(uses, kind.standardName(), key, new SignatureScheme.Eddsa(), 100);
            } else {
                addAgreement(uses, key, TestKeys.publicBytes(TestKeys.raw(kind)));
            }
        }
        for (KeyUse use : List.copyOf(uses)) {
            if (!(use.key().shape() instanceof KeyShape.Rsa)) {
                TestKey key = use.key();
                uses.add(new KeyUse("public key", key, view -> engine().publicKey(view, key.shape())));
            }
        }
        return uses;
    }

    private void add(List<KeyUse> uses, String name, TestKey key, SignatureScheme scheme, int length) {
        uses.add(new KeyUse(name, key, view -> engine().sign(view, key.shape(), scheme, new byte[length])));
    }

    private void addAgreement(List<KeyUse> uses, TestKey key, byte[] peer) {
        uses.add(new KeyUse(
                "agreement", key, view -> engine().agree(view, key.shape(), peer, (memory, at, length) -> length)));
    }

    /** A view that is purged after so many reads of it, or at the end of a computation. */
    private ComputingView purgedAfter(int calls, SecretView view, AtomicInteger made) {
        return (ComputingView) Proxy.newProxyInstance(
                ComputingView.class.getClassLoader(), new Class<?>[] {ComputingView.class}, (proxy, method, args) -> {
                    boolean reads = method.getName().startsWith("get")
                            || method.getName().equals("copyTo")
                            || method.getName().equals("asByteBuffer");
                    if (reads && made.getAndIncrement() == calls) {
                        session.purge(Duration.ZERO);
                    }
                    try {
                        if (method.getName().equals("compute")) {
                            return ((ComputingView) view).compute((int) args[0], (memory, at) -> {
                                Object result = ((Computation<?>) args[1]).in(memory, at);
                                if (made.getAndIncrement() == calls) {
                                    session.purge(Duration.ZERO);
                                }
                                return result;
                            });
                        }
                        return method.invoke(view, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Every reading of the key may be the one that the purge precedes; and the purge may come after the last one. */
    @Test
    void nothingLeavesAfterAPurge() throws GeneralSecurityException {
        for (KeyUse use : uses()) {
            int calls = 0;
            boolean purged = true;
            while (purged) {
                AtomicInteger made = new AtomicInteger();
                AtomicBoolean done = new AtomicBoolean();
                int before = calls;
                purged = isPurged(use, view -> {
                    Object result = use.use().by(purgedAfter(before, view, made));
                    done.set(true);
                    return result;
                });
                assertThat(done.get()).as("a result of " + use.name()).isEqualTo(!purged);
                calls++;
            }
            assertThat(calls).as(use.name()).isGreaterThanOrEqualTo(3);
        }
    }

    private boolean isPurged(KeyUse use, Use action) throws GeneralSecurityException {
        try (Secret secret = use.key().secret(session.secrets())) {
            secret.<Object, GeneralSecurityException>withBytes(action::by);
            return false;
        } catch (SecretClosedException e) {
            return true;
        }
    }

    @Test
    void aPurgeWhileTheSharedSecretIsTakenIsNoticed() throws GeneralSecurityException {
        for (TestKey key : List.of(TestKeys.ec(Curve.P_256), TestKeys.raw(RawKey.X25519))) {
            AtomicBoolean returned = new AtomicBoolean();
            Secret secret = key.secret(session.secrets());
            byte[] peer = TestKeys.publicBytes(key);
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> secret.<Object, GeneralSecurityException>withBytes(view -> {
                        Object result = engine().agree(view, key.shape(), peer, (memory, at, length) -> {
                            session.purge(Duration.ZERO);
                            return length;
                        });
                        returned.set(true);
                        return result;
                    }));
            assertThat(returned).isFalse();
        }
    }

    @Test
    void closedKeysDoNothing() throws GeneralSecurityException {
        for (KeyUse use : uses()) {
            Secret secret = use.key().secret(session.secrets());
            secret.close();
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> secret.<Object, GeneralSecurityException>withBytes(
                            view -> use.use().by(view)));
        }
    }

    @Test
    void secretsOfAnotherLengthAreNoKeys() throws GeneralSecurityException {
        for (KeyUse use : uses()) {
            for (int change : new int[] {-1, 1}) {
                byte[] numbers = Arrays.copyOf(use.key().numbers(), use.key().numbers().length + change);
                try (Secret secret = session.secrets().create(numbers)) {
                    assertThatExceptionOfType(InvalidKeyException.class)
                            .as(use.name())
                            .isThrownBy(() -> secret.<Object, GeneralSecurityException>withBytes(
                                    view -> use.use().by(view)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysOfEveryStorageWork(Storage storage) throws GeneralSecurityException {
        for (KeyUse use : uses()) {
            try (Secret secret = use.key().secret(session.secrets(storage))) {
                Object result = secret.<Object, GeneralSecurityException>withBytes(
                        view -> use.use().by(view));
                assertThat(result).as(use.name()).isNotNull();
            }
        }
    }

    @Test
    void schemesOfAnotherAlgorithmAreRefused() throws GeneralSecurityException {
        List<SignatureScheme> schemes = List.of(
                new SignatureScheme.Pkcs1(Digest.SHA_256),
                new SignatureScheme.Pss(Digest.SHA_256, Digest.SHA_256, 32),
                new SignatureScheme.Ecdsa(Digest.SHA_256),
                new SignatureScheme.Eddsa());
        List<TestKey> keys = List.of(TestKeys.rsa(1024), TestKeys.ec(Curve.P_256), TestKeys.raw(RawKey.ED25519));
        for (TestKey key : keys) {
            int signed = 0;
            for (SignatureScheme scheme : schemes) {
                try {
                    sign(key, scheme, new byte[32]);
                    signed++;
                } catch (InvalidKeyException e) {
                    assertThat(e).hasMessageContaining(key.shape().algorithm());
                }
            }
            assertThat(signed).isEqualTo(key.shape() instanceof KeyShape.Rsa ? 2 : 1);
        }
        byte[] peer = TestKeys.publicBytes(TestKeys.ec(Curve.P_256));
        TestKey rsa = keys.get(0);
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> agree(rsa.shape(), rsa.numbers(), peer));
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> publicKey(rsa.shape(), rsa.numbers()));
    }

    @Test
    void inputsAndKeysAreNotChanged() throws GeneralSecurityException {
        byte[] input = digest(Digest.SHA_256, new byte[1]);
        byte[] before = input.clone();
        sign(TestKeys.rsa(1024), new SignatureScheme.Pkcs1(Digest.SHA_256), input);
        sign(TestKeys.ec(Curve.P_256), new SignatureScheme.Ecdsa(Digest.SHA_256), input);
        sign(TestKeys.raw(RawKey.ED25519), new SignatureScheme.Eddsa(), input);
        TestKey own = TestKeys.raw(RawKey.X25519);
        byte[] peer = TestKeys.publicBytes(TestKeys.raw(RawKey.X25519));
        byte[] samePeer = peer.clone();
        agree(own.shape(), own.numbers(), peer);

        assertThat(input).isEqualTo(before);
        assertThat(peer).isEqualTo(samePeer);
    }

    @Test
    void severalThreadsComputeAtTheSameTime() throws GeneralSecurityException, ExecutionException {
        Random random = Seed.random("severalThreadsComputeAtTheSameTime");
        List<KeyUse> uses = uses();
        try (Workers workers = new Workers()) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                long seed = random.nextLong();
                results.add(workers.submit(() -> {
                    Random order = new Random(seed);
                    int made = 0;
                    for (int n = 0; n < 30; n++) {
                        KeyUse use = uses.get(order.nextInt(uses.size()));
                        made += isPurged(use, use.use()) ? 0 : 1;
                    }
                    return made;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(Await.result(result)).isEqualTo(30);
            }
        }
    }
}
