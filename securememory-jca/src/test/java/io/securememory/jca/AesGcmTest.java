package io.securememory.jca;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.DecryptionFailedException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.engine.SecretKeyEngine;
import io.securememory.jca.engine.SecretKeyEngines;
import io.securememory.jca.spi.RotatedSecret;
import io.securememory.testing.Await;
import io.securememory.testing.Seed;
import io.securememory.testing.Workers;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AesGcmTest {

    private static final String ENGINES = "io.securememory.jca.engine.SecretKeyEngines#named";

    private static final byte[] AAD = "customer 4711, column iban".getBytes(US_ASCII);
    private static final byte[] PLAIN = "DE02 1203 0000 0000 2020 51".getBytes(US_ASCII);

    private final SecureMemory session = SecureMemory.create();
    private final SecretKeyEngine engine =
            SecretKeyEngines.named().findFirst().orElseThrow().getPayload();

    @AfterEach
    void closeSession() {
        session.close();
    }

    private Secret key(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return session.secrets(Storage.SEALED).create(bytes);
    }

    private AesGcm cipher(Secret key, Secret... previous) {
        return new AesGcm(key, List.of(previous), engine);
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void decryptsWhatItEncrypts(SecretKeyEngine with) {
        Random random = Seed.random("AesGcm");
        AesGcm cipher = new AesGcm(key(1), List.of(), with);
        for (int length = 0; length < 300; length++) {
            byte[] plain = new byte[length];
            byte[] aad = new byte[random.nextInt(50)];
            random.nextBytes(plain);
            random.nextBytes(aad);
            byte[] message = cipher.encrypt(plain, aad);
            assertThat(message).hasSize(length + AesGcm.OVERHEAD);
            assertThat(cipher.decrypt(message, aad)).isEqualTo(plain);
            assertThat(cipher.isCurrent(message)).isTrue();
        }
    }

    /** The format, decrypted by the JDK alone, from its description. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void messagesHaveTheDocumentedFormat(SecretKeyEngine with) throws Exception {
        byte[] message = new AesGcm(key(7), List.of(), with).encrypt(PLAIN, AAD);
        byte[] key = new byte[32];
        key[0] = 7;
        assertThat(message[0]).isEqualTo((byte) 1);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        byte[] name = mac.doFinal("io.securememory.jca.AesGcm key name".getBytes(US_ASCII));
        assertThat(Arrays.copyOfRange(message, 1, 5)).isEqualTo(Arrays.copyOf(name, 4));

        Cipher blocks = Cipher.getInstance("AES/ECB/NoPadding");
        blocks.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        byte[] subkey = doubled(blocks.doFinal(new byte[16]));
        byte[] input = new byte[32];
        for (int half = 0; half < 2; half++) {
            byte[] block = ByteBuffer.allocate(16)
                    .put((byte) 0)
                    .put((byte) (half + 1))
                    .put((byte) 'X')
                    .put((byte) 0)
                    .put(message, 5, 12)
                    .array();
            for (int i = 0; i < 16; i++) {
                input[16 * half + i] = (byte) (block[i] ^ subkey[i]);
            }
        }
        Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(blocks.doFinal(input), "AES"),
                new GCMParameterSpec(128, message, 17, 12));
        gcm.updateAAD(message, 0, 5);
        gcm.updateAAD(AAD);
        assertThat(gcm.doFinal(message, 29, message.length - 29)).isEqualTo(PLAIN);
    }

    private static byte[] doubled(byte[] block) {
        byte[] twice = new byte[16];
        for (int i = 0; i < 16; i++) {
            twice[i] = (byte) (block[i] << 1 | (i < 15 ? (block[i + 1] & 0xff) >>> 7 : 0));
        }
        twice[15] ^= (byte) (block[0] < 0 ? 0x87 : 0);
        return twice;
    }

    @Test
    void theSameTextIsNeverEncryptedToTheSameMessage() {
        AesGcm cipher = cipher(key(1));
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            nonces.add(Arrays.toString(Arrays.copyOfRange(cipher.encrypt(PLAIN, AAD), 5, 29)));
        }
        assertThat(nonces).hasSize(1000);
    }

    @Test
    void everyChangeIsRefusedInTheSameWords() {
        AesGcm cipher = cipher(key(1));
        byte[] message = cipher.encrypt(PLAIN, AAD);
        List<byte[]> wrong = new ArrayList<>();
        for (int i = 0; i < message.length; i++) {
            byte[] changed = message.clone();
            changed[i] ^= 1;
            wrong.add(changed);
            wrong.add(Arrays.copyOf(message, i));
        }
        wrong.add(Arrays.copyOf(message, message.length + 1));
        wrong.add(cipher(key(2)).encrypt(PLAIN, AAD));
        Set<String> texts = new HashSet<>();
        for (byte[] each : wrong) {
            assertThatExceptionOfType(DecryptionFailedException.class)
                    .isThrownBy(() -> cipher.decrypt(each, AAD))
                    .withNoCause()
                    .satisfies(e -> texts.add(e.getMessage()));
        }
        assertThatExceptionOfType(DecryptionFailedException.class)
                .isThrownBy(() -> cipher.decrypt(message, new byte[0]))
                .satisfies(e -> texts.add(e.getMessage()));
        assertThat(texts).hasSize(1);
        assertThat(cipher.decrypt(message, AAD)).isEqualTo(PLAIN);
    }

    /** What is in front of the associated data has a fixed length, so that nothing can be moved between them. */
    @Test
    void aSegmentOfAStreamIsNoMessage() throws Exception {
        AesGcm cipher = cipher(key(1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream stream = cipher.encryptTo(out, AAD)) {
            stream.write(PLAIN);
        }
        byte[] written = out.toByteArray();
        byte[] message = ByteBuffer.allocate(written.length + 5)
                .put((byte) 1)
                .put(written, 1, 23)
                .putInt(0)
                .put((byte) 1)
                .put(written, 24, written.length - 24)
                .array();
        assertThatExceptionOfType(DecryptionFailedException.class).isThrownBy(() -> cipher.decrypt(message, AAD));
    }

    @Test
    void aRotatedSecretIsFollowedAndFormerVersionsDecryptWhileTheyAreOpen() {
        RotatedSecret secret = new RotatedSecret(key(1));
        AesGcm cipher = cipher(secret);
        byte[] first = cipher.encrypt(PLAIN, AAD);
        Secret old = secret.replace(key(2));
        byte[] second = cipher.encrypt(PLAIN, AAD);

        assertThat(cipher.isCurrent(first)).isFalse();
        assertThat(cipher.isCurrent(second)).isTrue();
        assertThat(cipher.decrypt(first, AAD)).isEqualTo(PLAIN);
        assertThat(cipher.decrypt(second, AAD)).isEqualTo(PLAIN);
        old.close();
        assertThatExceptionOfType(DecryptionFailedException.class).isThrownBy(() -> cipher.decrypt(first, AAD));
        assertThat(cipher(key(3), key(2), key(1)).decrypt(first, AAD)).isEqualTo(PLAIN);
        assertThat(cipher(key(2)).decrypt(second, AAD))
                .as("names are the same in every process")
                .isEqualTo(PLAIN);
    }

    @Test
    void rotationsWhileThreadsEncryptMakeNoCallFail() throws Exception {
        RotatedSecret secret = new RotatedSecret(key(0));
        AesGcm cipher = cipher(secret);
        List<Secret> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(key(i));
        }
        AesGcm reader = cipher(key(100), all.toArray(Secret[]::new));
        try (Workers workers = new Workers()) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                running.add(workers.submit(() -> {
                    int done = 0;
                    do {
                        assertThat(reader.decrypt(cipher.encrypt(PLAIN, AAD), AAD))
                                .isEqualTo(PLAIN);
                        done++;
                    } while (secret.currentVersion().number() < 100);
                    return done;
                }));
            }
            for (int i = 1; i < 100; i++) {
                secret.rotate(key(i));
            }
            for (Future<Integer> each : running) {
                assertThat(Await.result(each)).isPositive();
            }
        }
    }

    @Test
    void afterAPurgeOrACloseNothingIsEncryptedOrDecrypted() {
        Secret key = key(1);
        AesGcm cipher = cipher(key);
        byte[] message = cipher.encrypt(PLAIN, AAD);
        key.close();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> cipher.encrypt(PLAIN, AAD));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> cipher.decrypt(message, AAD));

        AesGcm other = cipher(key(1));
        assertThat(other.decrypt(message, AAD)).isEqualTo(PLAIN);
        session.purge();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> other.decrypt(message, AAD));
    }

    @Test
    void keysOfAnotherLengthAreRefusedWithTheRemedy() {
        for (int length : new int[] {16, 31, 33, 64}) {
            Secret wrong = session.secrets().createRandom(length);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cipher(wrong))
                    .withMessageContaining(Integer.toString(length))
                    .withMessageContaining("HEX or BASE64");
            assertThatIllegalArgumentException().isThrownBy(() -> cipher(key(1), wrong));
        }
    }
}
