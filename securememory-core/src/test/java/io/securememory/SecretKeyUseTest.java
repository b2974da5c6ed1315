package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.testing.OnEverySystem;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A secret as a key of the JCA, with the JDK's and BouncyCastle's ciphers. */
@OnEverySystem
class SecretKeyUseTest {

    private static final byte[] TEXT = "text".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final SecureMemory session = SecureMemory.create();
    private final Secret secret = session.secrets().createRandom(32);

    @AfterEach
    void closeSession() {
        session.close();
    }

    @Test
    void jdkEncryptsWhatBouncyCastleDecrypts() throws GeneralSecurityException {
        byte[] encrypted = secret.<byte[], GeneralSecurityException>withKey(
                "AES", key -> run(Cipher.getInstance("AES/GCM/NoPadding"), Cipher.ENCRYPT_MODE, key, TEXT));

        Cipher other = Cipher.getInstance("AES/GCM/NoPadding", new BouncyCastleProvider());
        byte[] decrypted = secret.<byte[], GeneralSecurityException>withKey(
                "AES", key -> run(other, Cipher.DECRYPT_MODE, key, encrypted));

        assertThat(encrypted).isNotEqualTo(TEXT).hasSize(TEXT.length + 16);
        assertThat(decrypted).isEqualTo(TEXT);
    }

    private static byte[] run(Cipher cipher, int mode, SecretKey key, byte[] input) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(128, new byte[12]));
        return cipher.doFinal(input);
    }

    @Test
    void escapedKeyInitializesNothing() throws GeneralSecurityException {
        AtomicReference<SecretKey> escaped = new AtomicReference<>();
        secret.withKey("AES", key -> {
            escaped.set(key);
            return null;
        });
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run(cipher, Cipher.ENCRYPT_MODE, escaped.get(), TEXT))
                .withMessageContaining("ended");
    }
}
