package io.securememory.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Effort;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@OnEverySystem
class Sha256Test {

    private static final int MESSAGES = Effort.of("sha256.messages", 3_000, 20_000);

    private static final int AT = 24;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(AT + Sha256.WORK_SIZE).order(ByteOrder.LITTLE_ENDIAN);

    private final Sha256 digest = new Sha256(memory, AT);

    private void update(byte[] message) {
        digest.update(message, 0, message.length);
    }

    private byte[] finished() {
        digest.finish();
        byte[] bytes = new byte[Sha256.DIGEST_SIZE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = digest.get(i);
        }
        digest.reset();
        return bytes;
    }

    /** The examples of FIPS 180-4, and nothing. */
    @ParameterizedTest
    @CsvSource({
        "'', 1, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "abc, 1, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq, 1,"
                + " 248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        "a, 1000000, cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    })
    void digestsWhatTheStandardDigests(String text, int times, String expected) {
        for (int i = 0; i < times; i++) {
            update(text.getBytes(US_ASCII));
        }

        assertThat(HexFormat.of().formatHex(finished())).isEqualTo(expected);
    }

    @Test
    void digestsLikeTheJdkAndBouncyCastleWhateverTheLengthAndThePieces() throws Exception {
        long seed = Seed.of("digests of random messages");
        Random random = new Random(seed);
        SHA256Digest other = new SHA256Digest();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = new byte[i < 300 ? i : random.nextInt(700)];
            random.nextBytes(message);
            byte[] expected = MessageDigest.getInstance("SHA-256").digest(message);
            byte[] second = new byte[Sha256.DIGEST_SIZE];
            other.update(message, 0, message.length);
            other.doFinal(second, 0);

            updateInPieces(message, random);

            assertThat(finished())
                    .as("seed %d, message %d", seed, i)
                    .isEqualTo(expected)
                    .isEqualTo(second);
        }
    }

    private void updateInPieces(byte[] message, Random random) {
        int part;
        for (int at = 0; at < message.length; at += part) {
            part = 1 + random.nextInt(message.length - at);
            if (part == 1) {
                digest.update(message[at]);
            } else {
                digest.update(message, at, at + part);
            }
        }
    }

    @Test
    void digestThatWasWipedHalfWayBeginsAnew() throws Exception {
        byte[] message = "message".getBytes(US_ASCII);
        update(new byte[100]);
        digest.wipe();
        for (int i = 0; i < memory.limit(); i++) {
            assertThat(memory.get(i)).isZero();
        }
        digest.reset();

        update(message);

        assertThat(finished()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(message));
    }
}
