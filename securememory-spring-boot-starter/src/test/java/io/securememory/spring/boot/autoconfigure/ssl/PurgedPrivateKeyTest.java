package io.securememory.spring.boot.autoconfigure.ssl;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.internal.SourceSecret;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PurgedPrivateKeyTest {

    /** Only the key is longer. */
    private static final int LONG = 30;

    /** The secret, with a purge before the key is copied to the JCA. */
    private static SourceSecret purgedBeforeTheCopy(Secret secret, SecureMemory session) {
        return proxy(
                SourceSecret.class,
                (method, arguments) -> method.getName().equals("withBytes")
                        ? secret.withBytes(
                                view -> ((SecretFunction<?, ?>) arguments[0]).apply(purgedBeforeTheCopy(view, session)))
                        : method.invoke(secret, arguments));
    }

    private static SecretView purgedBeforeTheCopy(SecretView view, SecureMemory session) {
        return proxy(SecretView.class, (method, arguments) -> {
            if (method.getName().equals("copyTo") && arguments[1] instanceof byte[] target && target.length > LONG) {
                session.purge(Duration.ZERO);
            }
            return method.invoke(view, arguments);
        });
    }

    @FunctionalInterface
    private interface Call {
        Object on(Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.on(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void purgeSaysNothingOfTheFormOfTheKey() throws NoSuchAlgorithmException {
        byte[] der = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        try (SecureMemory session = SecureMemory.create()) {
            Secret secret = session.secrets().create(der);

            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> KeyMaker.read(purgedBeforeTheCopy(secret, session), null));
        }
    }
}
