package io.securememory.jca.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DerivationEngineTest {

    private static final String ENGINES = "io.securememory.jca.engine.SecretKeyEngines#named";

    private static final byte[] NOTHING = new byte[0];

    /** Where the text is cut into pieces, and where the code of libcrypto for long texts begins. */
    private static final int[] LONG = {
        511, 1024, 3071, 3072, 3073, 6145, 13311, 13312, 13313, 2 * 13312 - 1, 2 * 13312 + 17, 100_000
    };

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void closeSession() {
        session.close();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private Secret secret(byte[] bytes) {
        return session.secrets(bytes.length % 2 == 0 ? Storage.SEALED : Storage.PROTECTED)
                .create(bytes.clone());
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** RFC 4231, test case 2. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void signsAsRfc4231Says(SecretKeyEngine engine) {
        try (Secret secret = secret("Jefe".getBytes(US_ASCII))) {
            byte[] message = "what do ya want for nothing?".getBytes(US_ASCII);
            assertThat(HexFormat.of()
                            .formatHex(secret.withBytes(
                                    view -> engine.hmac(Digest.SHA_256, view, message, message.length))))
                    .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
            assertThat(HexFormat.of()
                            .formatHex(secret.withBytes(
                                    view -> engine.hmac(Digest.SHA_512, view, message, message.length))))
                    .isEqualTo("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                            + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
        }
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void signsLikeTheJdkForKeysAndMessagesOfEveryLength(SecretKeyEngine engine) throws Exception {
        Random random = Seed.random("HMAC like the JDK");
        for (Digest digest : Digest.values()) {
            for (int length : IntStream.concat(IntStream.range(0, 301), IntStream.of(LONG))
                    .toArray()) {
                byte[] key = bytes(random, 1 + random.nextInt(300));
                byte[] message = bytes(random, length + 5);
                Mac jdk = Mac.getInstance("Hmac" + digest.shortName());
                jdk.init(new SecretKeySpec(key, "HMAC"));
                jdk.update(message, 0, length);
                try (Secret secret = secret(key)) {
                    assertThat(secret.<byte[], RuntimeException>withBytes(
                                    view -> engine.hmac(digest, view, message, length)))
                            .as("%s, key %d, message %d", digest, key.length, length)
                            .isEqualTo(jdk.doFinal());
                }
            }
        }
    }

    private static byte[] copied(ByteBuffer memory, int at, int length) {
        byte[] copy = new byte[length];
        memory.get(at, copy);
        return copy;
    }

    /** RFC 5869, test cases 1 and 3. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void derivesAsRfc5869Says(SecretKeyEngine engine) {
        try (Secret secret = secret(hex("0b".repeat(22)))) {
            Hkdf first = new Hkdf(Digest.SHA_256, hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42);
            assertThat(secret.<byte[], RuntimeException>withBytes(
                            view -> engine.hkdf(first, view, DerivationEngineTest::copied)))
                    .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                            + "34007208d5b887185865"));
            Hkdf third = new Hkdf(Digest.SHA_256, NOTHING, NOTHING, 42);
            assertThat(secret.<byte[], RuntimeException>withBytes(
                            view -> engine.hkdf(third, view, DerivationEngineTest::copied)))
                    .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                            + "9d201395faa4b61a96c8"));
        }
    }

    /** The two engines are of different authors, so that they check each other where the JDK has no HKDF. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void derivesLikeTheOtherEngine(SecretKeyEngine engine) {
        Random random = Seed.random("HKDF");
        SecretKeyEngine other = new BouncyCastleSecretKeyEngine();
        for (int i = 0; i < 100; i++) {
            Digest digest = Digest.values()[random.nextInt(Digest.values().length)];
            Hkdf derivation = new Hkdf(
                    digest,
                    bytes(random, random.nextInt(200)),
                    bytes(random, random.nextInt(1025)),
                    1 + random.nextInt(i < 90 ? 200 : 255 * digest.size()));
            try (Secret secret = secret(bytes(random, 1 + random.nextInt(300)))) {
                assertThat(secret.<byte[], RuntimeException>withBytes(
                                view -> engine.hkdf(derivation, view, DerivationEngineTest::copied)))
                        .isEqualTo(secret.<byte[], RuntimeException>withBytes(
                                view -> other.hkdf(derivation, view, DerivationEngineTest::copied)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void derivesFromPasswordsLikeTheJdk(SecretKeyEngine engine) throws Exception {
        Random random = Seed.random("PBKDF2 like the JDK");
        for (Digest digest : Digest.values()) {
            for (int i = 0; i < 20; i++) {
                String password = "p" + Long.toString(random.nextLong(), 36);
                byte[] salt = bytes(random, 1 + random.nextInt(40));
                int iterations = 1 + random.nextInt(50);
                int length = 1 + random.nextInt(150);
                byte[] expected = SecretKeyFactory.getInstance("PBKDF2WithHmac" + digest.shortName())
                        .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 8 * length))
                        .getEncoded();
                Pbkdf2 derivation = new Pbkdf2(digest, salt, iterations, length);
                try (Secret secret = secret(password.getBytes(US_ASCII))) {
                    assertThat(secret.<byte[], RuntimeException>withBytes(
                                    view -> engine.pbkdf2(derivation, view, DerivationEngineTest::copied)))
                            .as("%s, %d", digest, length)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** RFC 3394 sections 4.1 and 4.6. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void wrapsAsRfc3394Says(SecretKeyEngine engine) throws Exception {
        assertWrapped(
                engine,
                "000102030405060708090a0b0c0d0e0f",
                "00112233445566778899aabbccddeeff",
                "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
        assertWrapped(
                engine,
                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
                "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
    }

    private void assertWrapped(SecretKeyEngine engine, String wrapping, String key, String expected) throws Exception {
        try (Secret over = secret(hex(wrapping));
                Secret under = secret(hex(key))) {
            byte[] wrapped = over.<byte[], InvalidKeyException>withBytes(
                    view -> under.<byte[], InvalidKeyException>withBytes(other -> engine.wrap(view, other)));
            assertThat(HexFormat.of().formatHex(wrapped)).isEqualTo(expected);
            assertThat(over.<byte[], InvalidKeyException>withBytes(
                            view -> engine.unwrap(view, wrapped, DerivationEngineTest::copied)))
                    .isEqualTo(hex(key));
            for (int i = 0; i < wrapped.length; i++) {
                byte[] changed = wrapped.clone();
                changed[i] ^= 4;
                assertThatExceptionOfType(InvalidKeyException.class)
                        .isThrownBy(() -> over.<byte[], InvalidKeyException>withBytes(
                                view -> engine.unwrap(view, changed, DerivationEngineTest::copied)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void keysThatCannotBeWrappedAreRefused(SecretKeyEngine engine) {
        for (int[] lengths : new int[][] {{16, 8}, {16, 17}, {15, 16}, {33, 16}}) {
            try (Secret over = session.secrets().createRandom(lengths[0]);
                    Secret under = session.secrets().createRandom(lengths[1])) {
                assertThatExceptionOfType(InvalidKeyException.class)
                        .isThrownBy(() -> over.<byte[], InvalidKeyException>withBytes(view ->
                                under.<byte[], InvalidKeyException>withBytes(other -> engine.wrap(view, other))));
                assertThatExceptionOfType(InvalidKeyException.class)
                        .isThrownBy(() -> over.<byte[], InvalidKeyException>withBytes(
                                view -> engine.unwrap(view, new byte[lengths[1]], DerivationEngineTest::copied)));
            }
        }
    }
}
