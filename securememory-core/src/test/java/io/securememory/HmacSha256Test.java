package io.securememory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LibcryptoUse;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@OnEverySystem
class HmacSha256Test {

    private final SecureMemory session = SecureMemory.create();

    /** With this library's own code. */
    private final SecureMemory alone = SecureMemory.create(SecureMemoryOptions.builder()
            .enclaves(EnclaveOptions.DEFAULTS.withLibcrypto(LibcryptoUse.OFF))
            .build());

    @AfterEach
    void closeSession() {
        session.close();
        alone.close();
    }

    private List<SecretFactory> factories() {
        return List.of(
                session.secrets(Storage.PROTECTED),
                session.secrets(Storage.SEALED),
                alone.secrets(Storage.PROTECTED),
                alone.secrets(Storage.SEALED));
    }

    /** Test cases 1, 2, 4 and 6 of RFC 4231. */
    @ParameterizedTest
    @CsvSource({
        "0b*20, 4869205468657265, b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f,"
                + " 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "0102030405060708090a0b0c0d0e0f10111213141516171819, cd*50,"
                + " 82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        "aa*131, 54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374,"
                + " 60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    })
    void signsAsRfc4231Says(String key, String message, String expected) {
        for (SecretFactory secrets : factories()) {
            HmacSha256 hmac = new HmacSha256(secrets.create(hex(key)));

            assertThat(HexFormat.of().formatHex(hmac.sign(hex(message)))).isEqualTo(expected);
            assertThat(hmac.verify(hex(message), hex(expected))).isTrue();
        }
    }

    private static byte[] hex(String text) {
        int star = text.indexOf('*');
        return HexFormat.of()
                .parseHex(star < 0 ? text : text.substring(0, star).repeat(Integer.parseInt(text.substring(star + 1))));
    }

    @Test
    void signsLikeTheJdkForEveryKeyLength() throws Exception {
        long seed = Seed.of("HMACs of every key length");
        Random random = new Random(seed);
        for (int length = 1; length <= 200; length++) {
            byte[] key = new byte[length];
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(key);
            random.nextBytes(message);
            Mac jdk = Mac.getInstance("HmacSHA256");
            jdk.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] expected = jdk.doFinal(message);

            for (SecretFactory secrets : factories()) {
                try (Secret secret = secrets.create(key.clone())) {
                    HmacSha256 hmac = new HmacSha256(secret);
                    assertThat(hmac.sign(message))
                            .as("seed %d, length %d", seed, length)
                            .isEqualTo(expected);
                    assertThat(hmac.sign(message)).as("again, seed %d", seed).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void wrongSignaturesAreRefusedWhateverTheirLength() {
        HmacSha256 hmac = new HmacSha256(session.secrets().createRandom(32));
        byte[] message = "payload".getBytes(US_ASCII);
        byte[] signature = hmac.sign(message);
        byte[] wrong = signature.clone();
        wrong[31] ^= 1;

        assertThat(hmac.verify(message, signature)).isTrue();
        assertThat(hmac.verify(message, wrong)).isFalse();
        assertThat(hmac.verify(message, new byte[0])).isFalse();
        assertThat(hmac.verify(message, new byte[33])).isFalse();
        assertThat(hmac.verify("Payload".getBytes(US_ASCII), signature)).isFalse();
    }

    @Test
    void closedKeyIsReported() {
        Secret key = session.secrets().createRandom(32);
        HmacSha256 hmac = new HmacSha256(key);
        key.close();

        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> hmac.sign(new byte[1]));
    }
}
