package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the library itself does with a secret that a purge wipes meanwhile. */
class PurgedInUseTest {

    private static final byte[] BYTES = new byte[32];

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
