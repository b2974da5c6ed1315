package io.securememory.spring.boot.autoconfigure.ssl;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PurgedPrivateKeyTest {

    /** The view, with a purge before the key is copied to the JCA. */
    private static SecretView purgedBeforeTheCopy(SecretView view, SecureMemory session) {
        return (SecretView) Proxy.newProxyInstance(
                SecretView.class.getClassLoader(), new Class<?>[] {SecretView.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("copyTo")) {
                        session.purge(Duration.ZERO);
                    }
                    try {
                        return method.invoke(view, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
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
                    .isThrownBy(() -> secret.useBytes(view -> assertThatExceptionOfType(SecretClosedException.class)
                            .isThrownBy(() -> PrivateKeyReader.read(
                                    purgedBeforeTheCopy(view, session), null, session.memGuard()))));
        }
    }
}
