package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memguard.internal.ComputingView;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Workers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the library itself does with a secret that a purge wipes meanwhile. */
class PurgedInUseTest {

    private static final byte[] BYTES = new byte[32];
    private static final int ROUNDS = Effort.of("purged-in-use.rounds", 30, 300);
    private static final int SIGNERS = 3;

    static {
        for (int i = 0; i < BYTES.length; i++) {
            BYTES[i] = (byte) (i + 1);
        }
    }

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void end() {
        session.close();
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().lockedBytes()).isZero();
    }

    private Secret secret(Storage storage) {
        return session.secrets(storage).create(BYTES.clone());
    }

    private static void assertRefused(ThrowingCallable use) {
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(use).withMessageContaining("purged");
    }

    /** The secret, with a purge at the beginning or the end of each action. */
    private Secret purgedInside(Secret secret, boolean atItsBegin, AtomicBoolean done) {
        return (Secret) Proxy.newProxyInstance(
                Secret.class.getClassLoader(), new Class<?>[] {Secret.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("useBytes")) {
                        SecretConsumer<Exception> action = consumer(arguments[0]);
                        return secret.<Object, Exception>withBytes(view -> purged(atItsBegin, done, () -> {
                            action.accept(view);
                            return done;
                        }));
                    }
                    if (method.getName().equals("withBytes")) {
                        SecretFunction<Object, Exception> action = function(arguments[0]);
                        return secret.withBytes(view -> purged(atItsBegin, done, () -> action.apply(view)));
                    }
                    try {
                        return method.invoke(secret, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Object purged(boolean atItsBegin, AtomicBoolean done, Callable<Object> action) throws Exception {
        if (atItsBegin) {
            session.purge(Duration.ZERO);
        }
        Object result = action.call();
        done.set(true);
        if (!atItsBegin) {
            session.purge(Duration.ZERO);
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private static SecretConsumer<Exception> consumer(Object action) {
        return (SecretConsumer<Exception>) action;
    }

    @SuppressWarnings("unchecked")
    private static SecretFunction<Object, Exception> function(Object action) {
        return (SecretFunction<Object, Exception>) action;
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSignedWithAKeyOfZeros(Storage storage) {
        AtomicBoolean signed = new AtomicBoolean();
        HmacSha256 hmac = new HmacSha256(purgedInside(secret(storage), true, signed));

        assertRefused(() -> hmac.sign(new byte[10]));
        assertThat(signed).isFalse();
    }

    /** In a window of its own, or in the one that the key was opened into. */
    @ParameterizedTest
    @EnumSource
    void aPurgeWipesWhatIsBeingComputed(Storage storage) {
        AtomicLong left = new AtomicLong(-1);
        Secret key = secret(storage);

        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> key.<Long, RuntimeException>withBytes(view -> ((ComputingView) view)
                        .compute(2 * Long.BYTES, (memory, at) -> {
                            memory.putLong(at, 42);
                            session.purge(Duration.ZERO);
                            left.set(memory.getLong(at));
                            return 1L;
                        })));
        assertThat(left).hasValue(0);
    }

    /** The memory behind the plaintext is the guard page, and that in front of it is what this computes in. */
    @ParameterizedTest
    @EnumSource
    void whatIsComputedLeavesTheKeyAsItWas(Storage storage) {
        Secret key = secret(storage);
        boolean same = key.<Boolean, RuntimeException>withBytes(view -> {
            boolean zeros = ((ComputingView) view).compute(1_000, (memory, at) -> {
                boolean clean = true;
                for (int i = at; i < at + 1_000; i++) {
                    clean &= memory.get(i) == 0;
                    memory.put(i, (byte) -1);
                }
                return clean & ((ComputingView) view).compute(100, (inner, from) -> inner.get(from) == 0);
            });
            boolean again = ((ComputingView) view).compute(1_000, (memory, at) -> memory.getLong(at + 99) == 0);
            return zeros & again & view.contentEquals(BYTES);
        });

        assertThat(same).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void signaturesAreRightOrRefusedWhileThereArePurges(Storage storage) throws Exception {
        byte[] message = new byte[300];
        byte[] expected = new HmacSha256(secret(storage)).sign(message);
        try (Workers threads = new Workers()) {
            for (int round = 0; round < ROUNDS; round++) {
                HmacSha256 hmac = new HmacSha256(secret(storage));
                CountDownLatch signed = new CountDownLatch(SIGNERS);
                List<Future<Integer>> wrong = new ArrayList<>();
                for (int i = 0; i < SIGNERS; i++) {
                    wrong.add(threads.submit(() -> signUntilRefused(hmac, message, expected, signed)));
                }
                Await.open("the first signatures", signed);
                session.purge(Duration.ofMillis(round % 2));
                for (Future<Integer> each : wrong) {
                    assertThat(Await.result(each)).isZero();
                }
            }
        }
    }

    /** Returns how many signatures were wrong. */
    private static int signUntilRefused(HmacSha256 hmac, byte[] message, byte[] expected, CountDownLatch signed) {
        int wrong = 0;
        try {
            while (true) {
                wrong += Arrays.equals(hmac.sign(message), expected) ? 0 : 1;
                signed.countDown();
            }
        } catch (SecretClosedException e) {
            return wrong;
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingEqualsAPurgedSecret(Storage storage) {
        AtomicBoolean compared = new AtomicBoolean();
        Secret zeros = session.secrets(storage).create(new byte[32]);
        Secret purged = purgedInside(secret(storage), true, compared);

        assertRefused(() -> zeros.contentEquals(purged));
        assertThat(compared).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void streamLeavesNothingInItsTargetWhenThePurgeComesAfterTheCopying(Storage storage) {
        AtomicBoolean read = new AtomicBoolean();
        SecretInputStream in = new SecretInputStream(purgedInside(secret(storage), false, read));
        byte[] target = BYTES.clone();

        assertRefused(() -> in.read(target, 2, 20));
        assertThat(read).isTrue();
        assertThat(target).startsWith(1, 2, 0, 0);
        assertThat(Arrays.copyOfRange(target, 2, 22)).containsOnly(0);
        assertThat(target[22]).isEqualTo((byte) 23);
    }
}
