package io.securememory.jca.spi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.HkdfKeySpec;
import io.securememory.jca.SecretPasswordKeySpec;
import io.securememory.jca.SecureMemoryProvider;
import io.securememory.jca.engine.SecretKeyEngine;
import io.securememory.jca.engine.SecretKeyEngines;
import io.securememory.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys in protected memory, HMAC, wrapped keys and derived keys, through the JCA. */
class SecretKeyServicesTest {

    private static final String ENGINES = "io.securememory.jca.engine.SecretKeyEngines#named";

    private final SecureMemory session = SecureMemory.create();
    private final SecureMemoryProvider provider = new SecureMemoryProvider(session);
    private final SecretKeyEngine engine =
            SecretKeyEngines.named().findFirst().orElseThrow().getPayload();

    @BeforeEach
    void addProvider() {
        assertThat(Security.addProvider(provider)).isPositive();
    }

    @AfterEach
    void removeProvider() {
        Security.removeProvider(provider.getName());
        session.close();
    }

    private ProtectedSecretKey key(byte[] bytes, String algorithm) {
        return ProtectedSecretKey.of(session.secrets().create(bytes.clone()), algorithm, engine);
    }

    @Test
    void aKeyShowsNothing() {
        ProtectedSecretKey key = key("sixteen letters!".getBytes(US_ASCII), "AES");
        assertThat(key.getEncoded()).isNull();
        assertThat(key.getFormat()).isNull();
        assertThat(key.getAlgorithm()).isEqualTo("AES");
        assertThat(key).hasToString("SecretKey[AES]").isNotEqualTo(key("sixteen letters!".getBytes(US_ASCII), "AES"));
        assertThatExceptionOfType(NotSerializableException.class)
                .isThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key));
    }

    @Test
    void destroyClosesTheSecret() {
        Secret secret = session.secrets().createRandom(32);
        ProtectedSecretKey key = ProtectedSecretKey.of(secret, "AES", engine);
        assertThat(key.isDestroyed()).isFalse();
        key.destroy();
        assertThat(key.isDestroyed()).isTrue();
        assertThat(secret.isClosed()).isTrue();
        assertThat(key).hasToString("SecretKey[AES, destroyed]");
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> ProtectedSecretKey.of(secret, "AES", engine));
    }

    @ParameterizedTest
    @CsvSource({"AES, 15", "AES, 33", "aes, 64", "ChaCha20, 16", "ChaCha20-Poly1305, 31"})
    void secretsOfAWrongLengthAreRefusedWithTheRemedy(String algorithm, int length) {
        Secret secret = session.secrets().createRandom(length);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProtectedSecretKey.of(secret, algorithm, engine))
                .withMessageContaining(Integer.toString(length))
                .withMessageContaining("HEX or BASE64");
    }

    @ParameterizedTest
    @CsvSource({"HmacSHA256", "HmacSHA384", "HmacSHA512"})
    void signsLikeTheJdk(String algorithm) throws Exception {
        Random random = Seed.random("Mac like the JDK");
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[1 + random.nextInt(200)];
            byte[] message = new byte[random.nextInt(500)];
            random.nextBytes(bytes);
            random.nextBytes(message);
            Mac theirs = Mac.getInstance(algorithm);
            theirs.init(new SecretKeySpec(bytes, algorithm));
            byte[] expected = theirs.doFinal(message);

            Mac ours = Mac.getInstance(algorithm);
            ours.init(key(bytes, algorithm));
            assertThat(ours.getProvider()).isSameAs(provider);
            int half = message.length / 2;
            ours.update(message, 0, half);
            ours.reset();
            ours.update(message, 0, half);
            ours.update(ByteBuffer.allocateDirect(message.length - half)
                    .put(message, half, message.length - half)
                    .flip());
            assertThat(ours.doFinal()).isEqualTo(expected).hasSize(ours.getMacLength());
            assertThat(ours.doFinal(message)).as("again").isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"AESWrap, 16", "AESWrap, 32", "AESWrap_128, 16", "AESWrap_192, 24", "AESWrap_256, 32"})
    void wrapsLikeTheJdkFromProtectedMemoryIntoProtectedMemory(String name, int length) throws Exception {
        Random random = Seed.random("wrapping like the JDK");
        byte[] over = new byte[length];
        byte[] under = new byte[32];
        random.nextBytes(over);
        random.nextBytes(under);
        Cipher theirs = Cipher.getInstance(name.startsWith("AESWrap_") ? name : "AESWrap");
        theirs.init(Cipher.WRAP_MODE, new SecretKeySpec(over, "AES"));
        byte[] expected = theirs.wrap(new SecretKeySpec(under, "AES"));

        Cipher ours = Cipher.getInstance(name);
        ours.init(Cipher.WRAP_MODE, key(over, "AES"));
        assertThat(ours.wrap(key(under, "AES"))).isEqualTo(expected);

        Secret wrapping = session.secrets(Storage.SEALED).create(over.clone());
        ours.init(Cipher.UNWRAP_MODE, ProtectedSecretKey.of(wrapping, "AES", engine));
        ProtectedSecretKey key = (ProtectedSecretKey) ours.unwrap(expected, "HmacSHA256", Cipher.SECRET_KEY);
        wrapping.close();
        assertThat(key.<Boolean, RuntimeException>use((with, view) -> view.contentEquals(under)))
                .as("it does not end with the key that it was wrapped with")
                .isTrue();
        assertThat(key.getAlgorithm()).isEqualTo("HmacSHA256");
    }

    @Test
    void aFailedUnwrappingLeavesNoSecret() throws Exception {
        Key over = key(new byte[32], "AES");
        Cipher cipher = Cipher.getInstance("AESWrap");
        cipher.init(Cipher.WRAP_MODE, over);
        byte[] wrapped = cipher.wrap(key(new byte[40], "HmacSHA256"));
        cipher.init(Cipher.UNWRAP_MODE, over);
        long live = session.status().liveSecrets();
        assertThatExceptionOfType(InvalidKeyException.class)
                .as("no key of AES has 40 bytes")
                .isThrownBy(() -> cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY));
        wrapped[3] ^= 1;
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> cipher.unwrap(wrapped, "HmacSHA256", Cipher.SECRET_KEY));
        assertThat(session.status().liveSecrets()).isEqualTo(live);
    }

    @Test
    void ordinaryKeysAreNotWrapped() throws Exception {
        Cipher cipher = Cipher.getInstance("AESWrap", provider);
        cipher.init(Cipher.WRAP_MODE, key(new byte[32], "AES"));
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> cipher.wrap(new SecretKeySpec(new byte[16], "AES")));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, key(new byte[32], "AES")));
    }

    @Test
    void keysAreDerivedFromPasswordsLikeByTheJdk() throws Exception {
        CryptoEngine chosen = CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
        byte[] salt = "some salt, which is public".getBytes(US_ASCII);
        for (String digest : new String[] {"SHA256", "SHA384", "SHA512"}) {
            String name = "PBKDF2WithHmac" + digest;
            byte[] expected = SecretKeyFactory.getInstance(name)
                    .generateSecret(new PBEKeySpec("p\u00e4ssw\u00f6rd".toCharArray(), salt, 1000, 256))
                    .getEncoded();
            Secret password = session.secrets().create("p\u00e4ssw\u00f6rd".toCharArray());
            SecretKey key = SecretKeyFactory.getInstance(name)
                    .generateSecret(new SecretPasswordKeySpec(
                            password, salt, 1000, "AES", 32, session.secrets(Storage.SEALED), chosen));
            password.close();
            assertThat(((ProtectedSecretKey) key)
                            .<Boolean, RuntimeException>use((with, view) -> view.contentEquals(expected)))
                    .as(name)
                    .isTrue();
        }
    }

    /** RFC 5869, test case 1. */
    @Test
    void keysAreDerivedByHkdf() throws Exception {
        CryptoEngine chosen = CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
        Secret secret = session.secrets().create(HexFormat.of().parseHex("0b".repeat(22)));
        SecretKey key = SecretKeyFactory.getInstance("HKDF-SHA256")
                .generateSecret(new HkdfKeySpec(secret, "Generic", 42, session.secrets(), chosen)
                        .withSalt(HexFormat.of().parseHex("000102030405060708090a0b0c"))
                        .withInfo(HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9")));
        assertThat(((ProtectedSecretKey) key)
                        .<Boolean, RuntimeException>use((with, view) -> view.contentEquals(HexFormat.of()
                                .parseHex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                                        + "34007208d5b887185865"))))
                .isTrue();
    }

    @Test
    void whatCannotBeDerivedIsRefusedAndLeavesNoSecret() throws Exception {
        CryptoEngine chosen = CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
        Secret secret = session.secrets().createRandom(32);
        long live = session.status().liveSecrets();
        SecretKeyFactory factory = SecretKeyFactory.getInstance("HKDF-SHA256");
        for (KeySpec spec : new KeySpec[] {
            new HkdfKeySpec(secret, "AES", 255 * 32 + 1, session.secrets(), chosen),
            new HkdfKeySpec(secret, "AES", 31, session.secrets(), chosen),
            new HkdfKeySpec(secret, "AES", 32, session.secrets(), chosen).withInfo(new byte[1025]),
            new SecretPasswordKeySpec(secret, new byte[16], 1, "AES", 32, session.secrets(), chosen),
            new PBEKeySpec("password".toCharArray())
        }) {
            assertThatExceptionOfType(InvalidKeySpecException.class).isThrownBy(() -> factory.generateSecret(spec));
        }
        assertThat(session.status().liveSecrets()).isEqualTo(live);
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void aKeyIsFollowedWhenItsSecretIsRotated(SecretKeyEngine with) throws Exception {
        try (RotatedSecret secret = new RotatedSecret(session.secrets().create("first".getBytes(US_ASCII)))) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(ProtectedSecretKey.of(secret, "HmacSHA256", with));
            byte[] first = mac.doFinal(new byte[3]);
            secret.rotate(session.secrets().create("second".getBytes(US_ASCII)));
            Mac jdk = Mac.getInstance("HmacSHA256");
            jdk.init(new SecretKeySpec("second".getBytes(US_ASCII), "HmacSHA256"));
            assertThat(mac.doFinal(new byte[3])).isNotEqualTo(first).isEqualTo(jdk.doFinal(new byte[3]));
        }
    }
}
