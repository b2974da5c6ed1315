package io.securememory.jca;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.DecryptionFailedException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.jca.engine.SecretKeyEngine;
import io.securememory.jca.engine.SecretKeyEngines;
import io.securememory.jca.spi.RotatedSecret;
import io.securememory.testing.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AesGcmStreamTest {

    private static final String ENGINES = "io.securememory.jca.engine.SecretKeyEngines#named";

    private static final byte[] AAD = "backup.tar".getBytes(US_ASCII);
    private static final int SEGMENT = 64 * 1024;
    private static final int ENCRYPTED = SEGMENT + 16;
    private static final int HEADER = 24;

    private final SecureMemory session = SecureMemory.create();
    private final Random random = Seed.random("AesGcm streams");
    private final SecretKeyEngine engine =
            SecretKeyEngines.named().findFirst().orElseThrow().getPayload();
    private final Secret key = session.secrets().createRandom(32);
    private final AesGcm cipher = new AesGcm(key, List.of(), engine);

    @AfterEach
    void closeSession() {
        session.close();
    }

    private byte[] text(int length) {
        byte[] text = new byte[length];
        random.nextBytes(text);
        return text;
    }

    private byte[] encrypt(AesGcm with, byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream stream = with.encryptTo(out, AAD)) {
            int at = 0;
            while (at < text.length) {
                int part = Math.min(text.length - at, 1 + random.nextInt(100_000));
                if (random.nextInt(10) == 0) {
                    stream.write(text[at]);
                    part = 1;
                } else {
                    stream.write(text, at, part);
                }
                at += part;
                stream.flush();
            }
        }
        return out.toByteArray();
    }

    private static byte[] decrypt(AesGcm with, byte[] encrypted) throws IOException {
        try (InputStream stream = with.decryptFrom(new ByteArrayInputStream(encrypted), AAD)) {
            return stream.readAllBytes();
        }
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void decryptsWhatItEncrypts(SecretKeyEngine with) throws Exception {
        AesGcm own = new AesGcm(key, List.of(), with);
        for (int length : new int[] {
            0,
            1,
            1000,
            SEGMENT - 1,
            SEGMENT,
            SEGMENT + 1,
            2 * SEGMENT - 1,
            2 * SEGMENT,
            2 * SEGMENT + 1,
            5 * SEGMENT + 77
        }) {
            byte[] text = text(length);
            byte[] encrypted = encrypt(own, text);
            int segments = Math.max(1, (length + SEGMENT - 1) / SEGMENT);
            assertThat(encrypted).hasSize(HEADER + length + 16 * segments);
            assertThat(decrypt(own, encrypted)).isEqualTo(text);
        }
        assertThat(session.status().liveSecrets())
                .as("no copy of the key is left")
                .isOne();
    }

    @Test
    void bytesCanBeReadOneByOne() throws Exception {
        byte[] text = text(SEGMENT + 3);
        byte[] encrypted = encrypt(cipher, text);
        try (InputStream stream = cipher.decryptFrom(new ByteArrayInputStream(encrypted), AAD)) {
            for (byte each : text) {
                assertThat(stream.read()).isEqualTo(each & 0xff);
            }
            assertThat(stream.read()).isEqualTo(-1);
            assertThat(stream.read(new byte[5])).isEqualTo(-1);
            assertThat(stream.read(new byte[0])).isZero();
        }
    }

    private void assertRefused(String what, byte[] encrypted) {
        assertThatExceptionOfType(DecryptionFailedException.class)
                .as(what)
                .isThrownBy(() -> decrypt(cipher, encrypted));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void whatIsCutMovedAddedOrChangedIsRefused() throws Exception {
        byte[] text = text(3 * SEGMENT + 10);
        byte[] whole = encrypt(cipher, text);
        byte[] header = Arrays.copyOf(whole, HEADER);
        byte[][] segments = new byte[4][];
        for (int i = 0; i < 4; i++) {
            segments[i] = Arrays.copyOfRange(
                    whole, HEADER + i * ENCRYPTED, Math.min(whole.length, HEADER + (i + 1) * ENCRYPTED));
        }
        byte[] other = encrypt(cipher, text);
        assertThat(decrypt(cipher, joined(header, segments[0], segments[1], segments[2], segments[3])))
                .isEqualTo(text);
        for (int length = 0; length < whole.length; length += length < HEADER + 40 ? 1 : 1 + random.nextInt(20_000)) {
            assertRefused("cut to " + length, Arrays.copyOf(whole, length));
        }
        assertRefused("without the last", joined(header, segments[0], segments[1], segments[2]));
        assertRefused("without the first", joined(header, segments[1], segments[2], segments[3]));
        assertRefused("without one", joined(header, segments[0], segments[2], segments[3]));
        assertRefused("moved", joined(header, segments[1], segments[0], segments[2], segments[3]));
        assertRefused("twice", joined(header, segments[0], segments[1], segments[1], segments[2], segments[3]));
        assertRefused("more after the end", joined(whole, new byte[1]));
        assertRefused("two ends", joined(whole, segments[3]));
        assertRefused(
                "of another stream",
                joined(Arrays.copyOf(other, HEADER + ENCRYPTED), segments[1], segments[2], segments[3]));
        for (int i = 0; i < 50; i++) {
            byte[] changed = whole.clone();
            changed[i < HEADER ? i : random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            assertRefused("changed", changed);
        }
        assertThatExceptionOfType(DecryptionFailedException.class)
                .isThrownBy(() -> cipher.decryptFrom(new ByteArrayInputStream(whole), new byte[0])
                        .read());
        assertRefused("a message", cipher.encrypt(text, AAD));
    }

    @Test
    void nothingOfAForgedSegmentIsReadAndNothingAfterIt() throws Exception {
        byte[] text = text(3 * SEGMENT);
        byte[] encrypted = encrypt(cipher, text);
        encrypted[HEADER + ENCRYPTED + 100] ^= 1;
        try (InputStream stream = cipher.decryptFrom(new ByteArrayInputStream(encrypted), AAD)) {
            assertThat(stream.readNBytes(SEGMENT)).isEqualTo(Arrays.copyOf(text, SEGMENT));
            byte[] target = new byte[SEGMENT];
            assertThatExceptionOfType(DecryptionFailedException.class).isThrownBy(() -> stream.read(target));
            assertThat(target).containsOnly(0);
            assertThatExceptionOfType(IOException.class).isThrownBy(stream::read);
        }
        assertThat(session.status().liveSecrets()).isOne();
    }

    @Test
    void aStreamThatFailedHasNoEnd() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream failing = new OutputStream() {
            private int room = 100_000;

            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                room -= length;
                if (room < 0) {
                    throw new IOException("no space");
                }
                out.write(source, offset, length);
            }
        };
        OutputStream stream = cipher.encryptTo(failing, AAD);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> stream.write(new byte[3 * SEGMENT]));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> stream.write(new byte[3 * SEGMENT]));
        stream.close();
        stream.close();
        assertRefused("without an end", out.toByteArray());
        assertThat(session.status().liveSecrets()).isOne();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> stream.write(1));
    }

    @Test
    void aPurgeEndsAStreamWithoutItsEnd() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream stream = cipher.encryptTo(out, AAD);
        stream.write(new byte[SEGMENT + 1]);
        byte[] whole = encrypt(cipher, text(2 * SEGMENT));
        InputStream back = cipher.decryptFrom(new ByteArrayInputStream(whole), AAD);
        assertThat(back.read()).isNotNegative();
        session.purge();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(stream::close);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(back::readAllBytes);
        back.close();
        assertThat(out.size()).isEqualTo(HEADER + ENCRYPTED);
    }

    @Test
    void aStreamKeepsItsKeyWhenTheSecretIsRotated() throws Exception {
        byte[] bytes = text(32);
        RotatedSecret secret = new RotatedSecret(session.secrets().create(bytes.clone()));
        AesGcm rotated = new AesGcm(secret, List.of(), engine);
        byte[] text = text(2 * SEGMENT);
        byte[] whole = encrypt(rotated, text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream stream = rotated.encryptTo(out, AAD);
                InputStream back = rotated.decryptFrom(new ByteArrayInputStream(whole), AAD)) {
            stream.write(text, 0, SEGMENT);
            byte[] begin = back.readNBytes(10);
            secret.rotate(session.secrets().createRandom(32));
            stream.write(text, SEGMENT, SEGMENT);
            assertThat(joined(begin, back.readAllBytes())).isEqualTo(text);
        }
        AesGcm later = new AesGcm(secret, List.of(session.secrets().create(bytes)), engine);
        assertThat(decrypt(later, out.toByteArray())).isEqualTo(text);
    }
}
