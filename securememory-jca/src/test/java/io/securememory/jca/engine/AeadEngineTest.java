package io.securememory.jca.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.testing.Seed;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AeadEngineTest {

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

    private static AeadMessage message(byte[] nonce, byte[] associatedData, byte[] text) {
        return new AeadMessage(nonce, associatedData, text, 0, text.length);
    }

    private void assertKnown(
            SecretKeyEngine engine,
            AeadCipher cipher,
            String key,
            AeadMessage plain,
            byte[] nonce,
            byte[] aad,
            String sealed)
            throws Exception {
        try (Secret secret = secret(hex(key))) {
            byte[] made = secret.withBytes(view -> engine.encrypt(cipher, view, plain));
            assertThat(HexFormat.of().formatHex(made)).isEqualTo(sealed);
            byte[] opened = secret.<byte[], AEADBadTagException>withBytes(
                    view -> engine.decrypt(cipher, view, message(nonce, aad, made)));
            assertThat(opened).isEqualTo(plain.text());
        }
    }

    /** Test cases 4 and 16 of the specification of GCM that was submitted to NIST. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void encryptsAsTheSpecificationOfGcmSays(SecretKeyEngine engine) throws Exception {
        byte[] nonce = hex("cafebabefacedbaddecaf888");
        byte[] aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        byte[] plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        assertKnown(
                engine,
                AeadCipher.AES_256_GCM,
                "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                message(nonce, aad, plain),
                nonce,
                aad,
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                        + "76fc6ece0f4e1768cddf8853bb2d551b");
        assertKnown(
                engine,
                AeadCipher.AES_128_GCM,
                "feffe9928665731c6d6a8f9467308308",
                message(nonce, aad, plain),
                nonce,
                aad,
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                        + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
                        + "5bc94fbc3221a5db94fae95ae7121a47");
    }

    /** RFC 8439 section 2.8.2. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void encryptsAsRfc8439Says(SecretKeyEngine engine) throws Exception {
        byte[] nonce = hex("070000004041424344454647");
        byte[] aad = hex("50515253c0c1c2c3c4c5c6c7");
        byte[] plain = ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future,"
                        + " sunscreen would be it.")
                .getBytes(US_ASCII);
        assertKnown(
                engine,
                AeadCipher.CHACHA20_POLY1305,
                "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
                message(nonce, aad, plain),
                nonce,
                aad,
                "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                        + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                        + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                        + "3ff4def08e4b7a9de576d26586cec64b6116"
                        + "1ae10b594f09e26a7e902ecbd0600691");
    }

    /** The two examples of the specification: the most significant bit of the subkey is 0 in one and 1 in the other. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void encryptsAsTheSpecificationOfXaesSays(SecretKeyEngine engine) throws Exception {
        byte[] nonce = "ABCDEFGHIJKLMNOPQRSTUVWX".getBytes(US_ASCII);
        byte[] plain = "XAES-256-GCM".getBytes(US_ASCII);
        assertKnown(
                engine,
                AeadCipher.XAES_256_GCM,
                "01".repeat(32),
                message(nonce, NOTHING, plain),
                nonce,
                NOTHING,
                "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
        byte[] aad = "c2sp.org/XAES-256-GCM".getBytes(US_ASCII);
        assertKnown(
                engine,
                AeadCipher.XAES_256_GCM,
                "03".repeat(32),
                message(nonce, aad, plain),
                nonce,
                aad,
                "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void encryptsLikeTheJdk(SecretKeyEngine engine) throws Exception {
        Random random = Seed.random("AEAD like the JDK");
        for (AeadCipher cipher : AeadCipher.values()) {
            if (cipher != AeadCipher.XAES_256_GCM) {
                byte[] key = bytes(random, cipher.keySize());
                try (Secret secret = secret(key)) {
                    for (int length : IntStream.concat(IntStream.range(0, 301), IntStream.of(LONG))
                            .toArray()) {
                        byte[] nonce = bytes(random, 12);
                        byte[] aad = bytes(random, random.nextInt(length < 300 ? 50 : 20_000));
                        byte[] plain = bytes(random, length);
                        byte[] expected = jdk(cipher, key, nonce, 128, aad, plain);

                        byte[] sealed = secret.withBytes(view -> engine.encrypt(
                                cipher, view, message(nonce, aad, plain).withRoom(3)));
                        assertThat(sealed)
                                .as("%s, %d", cipher, length)
                                .endsWith(expected)
                                .hasSize(length + 19);
                        byte[] opened = secret.<byte[], AEADBadTagException>withBytes(view -> engine.decrypt(
                                cipher, view, new AeadMessage(nonce, aad, sealed, 3, sealed.length - 3)));
                        assertThat(opened).as("%s, %d", cipher, length).isEqualTo(plain);
                    }
                }
            }
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] jdk(AeadCipher cipher, byte[] key, byte[] nonce, int tagBits, byte[] aad, byte[] plain)
            throws Exception {
        boolean aes = cipher != AeadCipher.CHACHA20_POLY1305;
        Cipher jdk = Cipher.getInstance(aes ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
        jdk.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(key, aes ? "AES" : "ChaCha20"),
                aes ? new GCMParameterSpec(tagBits, nonce) : new IvParameterSpec(nonce));
        jdk.updateAAD(aad);
        return jdk.doFinal(plain);
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void gcmTakesNoncesAndTagsOfOtherLengths(SecretKeyEngine engine) throws Exception {
        Random random = Seed.random("GCM with other lengths");
        byte[] key = bytes(random, 32);
        try (Secret secret = secret(key)) {
            for (int nonceLength : new int[] {1, 8, 11, 13, 16, 17, 64, 128}) {
                for (int tag = 12; tag <= 16; tag++) {
                    byte[] nonce = bytes(random, nonceLength);
                    byte[] plain = bytes(random, 40);
                    int tagSize = tag;
                    byte[] sealed = secret.withBytes(view -> engine.encrypt(
                            AeadCipher.AES_256_GCM,
                            view,
                            message(nonce, NOTHING, plain).withTagSize(tagSize)));
                    assertThat(sealed).isEqualTo(jdk(AeadCipher.AES_256_GCM, key, nonce, tag * 8, NOTHING, plain));
                    byte[] opened = secret.<byte[], AEADBadTagException>withBytes(view -> engine.decrypt(
                            AeadCipher.AES_256_GCM,
                            view,
                            message(nonce, NOTHING, sealed).withTagSize(tagSize)));
                    assertThat(opened).isEqualTo(plain);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void whatWasChangedIsRefused(SecretKeyEngine engine) throws Exception {
        Random random = Seed.random("changed ciphertexts");
        for (AeadCipher cipher : AeadCipher.values()) {
            byte[] nonce = bytes(random, cipher.nonceSize());
            byte[] aad = bytes(random, 20);
            byte[] plain = bytes(random, 50);
            try (Secret secret = secret(bytes(random, cipher.keySize()));
                    Secret other = secret(bytes(random, cipher.keySize()))) {
                byte[] sealed = secret.withBytes(view -> engine.encrypt(cipher, view, message(nonce, aad, plain)));
                for (int i = 0; i < sealed.length; i++) {
                    byte[] changed = sealed.clone();
                    changed[i] ^= (byte) (1 << random.nextInt(8));
                    assertRefused(engine, cipher, secret, message(nonce, aad, changed));
                }
                for (int i = 0; i < nonce.length; i++) {
                    byte[] changed = nonce.clone();
                    changed[i] ^= (byte) (1 << random.nextInt(8));
                    assertRefused(engine, cipher, secret, message(changed, aad, sealed));
                }
                assertRefused(engine, cipher, secret, message(nonce, NOTHING, sealed));
                assertRefused(engine, cipher, secret, new AeadMessage(nonce, aad, sealed, 0, sealed.length - 1));
                assertRefused(engine, cipher, secret, new AeadMessage(nonce, aad, sealed, 0, 16));
                assertRefused(engine, cipher, other, message(nonce, aad, sealed));
            }
        }
    }

    private static void assertRefused(SecretKeyEngine engine, AeadCipher cipher, Secret key, AeadMessage message) {
        assertThatExceptionOfType(AEADBadTagException.class)
                .isThrownBy(() ->
                        key.<byte[], AEADBadTagException>withBytes(view -> engine.decrypt(cipher, view, message)));
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void keysOfAnotherLengthAreRefused(SecretKeyEngine engine) {
        try (Secret secret = session.secrets().createRandom(31)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> secret.withBytes(view ->
                            engine.encrypt(AeadCipher.AES_256_GCM, view, message(new byte[12], NOTHING, NOTHING))))
                    .withMessageContaining("31")
                    .withMessageContaining("32");
        }
    }
}
