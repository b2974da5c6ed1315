package io.securememory.jca.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.jca.SecureMemoryProvider;
import io.securememory.jca.engine.SecretKeyEngine;
import io.securememory.jca.engine.SecretKeyEngines;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ciphers for keys in protected memory behave as the JDK's do. */
class AeadServiceTest {

    private static final String ENGINES = "io.securememory.jca.engine.SecretKeyEngines#named";

    private static final byte[] KEY = new byte[32];

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

    private Key key(byte[] bytes, String algorithm, SecretKeyEngine with) {
        return ProtectedSecretKey.of(session.secrets().create(bytes.clone()), algorithm, with);
    }

    private Key aes() {
        return key(KEY, "AES", engine);
    }

    private static GCMParameterSpec nonce(int first) {
        byte[] nonce = new byte[12];
        nonce[0] = (byte) first;
        return new GCMParameterSpec(128, nonce);
    }

    /** Without the name of a provider, as applications ask for it. */
    private Cipher cipher(String name, int mode, Key key, AlgorithmParameterSpec spec) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(name);
        cipher.init(mode, key, spec);
        return cipher;
    }

    private Cipher encrypting() throws GeneralSecurityException {
        return cipher("AES/GCM/NoPadding", Cipher.ENCRYPT_MODE, aes(), nonce(1));
    }

    private Cipher decrypting() throws GeneralSecurityException {
        return cipher("AES/GCM/NoPadding", Cipher.DECRYPT_MODE, aes(), nonce(1));
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void givesWhatTheJdkGivesHoweverTheTextComes(SecretKeyEngine with) throws Exception {
        Random random = Seed.random("ciphers like the JDK");
        String[][] ciphers = {
            {"AES/GCM/NoPadding", "AES", "16"},
            {"AES_128/GCM/NoPadding", "AES", "16"},
            {"AES_192/GCM/NoPadding", "AES", "24"},
            {"AES_256/GCM/NoPadding", "AES", "32"},
            {"ChaCha20-Poly1305", "ChaCha20", "32"}
        };
        for (String[] row : ciphers) {
            byte[] bytes = new byte[Integer.parseInt(row[2])];
            random.nextBytes(bytes);
            Key ours = key(bytes, row[1], with);
            Key theirs = new SecretKeySpec(bytes, row[1]);
            for (int i = 0; i < 100; i++) {
                byte[] nonce = new byte[12];
                random.nextBytes(nonce);
                AlgorithmParameterSpec spec = row[1].equals("AES")
                        ? new GCMParameterSpec(96 + 8 * random.nextInt(5), nonce)
                        : new IvParameterSpec(nonce);
                byte[] plain = new byte[random.nextInt(400)];
                byte[] aad = new byte[random.nextInt(40)];
                random.nextBytes(plain);
                random.nextBytes(aad);
                long steps = random.nextLong();
                byte[] sealed = run(cipher(row[0], Cipher.ENCRYPT_MODE, ours, spec), aad, plain, new Random(steps));
                byte[] expected = run(cipher(row[0], Cipher.ENCRYPT_MODE, theirs, spec), aad, plain, new Random(0));
                assertThat(sealed).as(row[0]).isEqualTo(expected);
                assertThat(run(cipher(row[0], Cipher.DECRYPT_MODE, ours, spec), aad, sealed, new Random(steps)))
                        .as(row[0])
                        .isEqualTo(plain);
            }
        }
    }

    /** Gives the text in parts, by one of the ways that a cipher has for it. */
    private static byte[] run(Cipher cipher, byte[] aad, byte[] text, Random random) throws GeneralSecurityException {
        cipher.updateAAD(aad);
        byte[] out = new byte[text.length + 16];
        int written = 0;
        int at = 0;
        while (random.nextInt(3) > 0) {
            int part = random.nextInt(text.length - at + 1);
            byte[] some = cipher.update(text, at, part);
            at += part;
            if (some != null) {
                System.arraycopy(some, 0, out, written, some.length);
                written += some.length;
            }
        }
        int rest = text.length - at;
        switch (random.nextInt(3)) {
            case 0 -> {
                byte[] last = cipher.doFinal(text, at, rest);
                System.arraycopy(last, 0, out, written, last.length);
                written += last.length;
            }
            case 1 -> written += cipher.doFinal(text, at, rest, out, written);
            default -> {
                ByteBuffer direct =
                        ByteBuffer.allocateDirect(rest).put(text, at, rest).flip();
                written += cipher.doFinal(direct, ByteBuffer.wrap(out, written, out.length - written));
            }
        }
        return Arrays.copyOf(out, written);
    }

    @Test
    void inputAndOutputMayBeTheSameArray() throws Exception {
        byte[] expected = encrypting().doFinal(new byte[100]);
        for (int shift = 0; shift <= 20; shift++) {
            byte[] both = new byte[200];
            assertThat(encrypting().doFinal(both, 0, 100, both, shift)).isEqualTo(116);
            assertThat(Arrays.copyOfRange(both, shift, shift + 116)).isEqualTo(expected);
            assertThat(decrypting().doFinal(both, shift, 116, both, shift / 2)).isEqualTo(100);
            assertThat(Arrays.copyOfRange(both, shift / 2, shift / 2 + 100)).containsOnly(0);
        }
    }

    @Test
    void aNonceIsMadeIfNoneIsGiven() throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, aes());
        assertThat(cipher.getProvider()).isSameAs(provider);
        byte[] sealed = cipher.doFinal(new byte[5]);

        Cipher back = Cipher.getInstance("AES/GCM/NoPadding");
        back.init(Cipher.DECRYPT_MODE, aes(), cipher.getParameters());
        assertThat(back.getIV()).isEqualTo(cipher.getIV()).hasSize(12);
        assertThat(back.doFinal(sealed)).isEqualTo(new byte[5]);

        byte[] first = cipher.getIV();
        cipher.init(Cipher.ENCRYPT_MODE, aes());
        assertThat(cipher.getIV()).isNotEqualTo(first);
    }

    @Test
    void aNonceIsUsedForOneEncryptionOnly() throws Exception {
        Cipher cipher = encrypting();
        byte[] sealed = cipher.doFinal(new byte[5]);
        assertThatIllegalStateException().isThrownBy(() -> cipher.doFinal(new byte[5]));
        assertThatIllegalStateException().isThrownBy(() -> cipher.update(new byte[5]));
        assertThatIllegalStateException().isThrownBy(() -> cipher.updateAAD(new byte[5]));
        assertThatExceptionOfType(InvalidAlgorithmParameterException.class)
                .isThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, aes(), nonce(1)));
        cipher.init(Cipher.DECRYPT_MODE, aes(), nonce(1));
        assertThat(cipher.doFinal(sealed)).hasSize(5);
        assertThat(cipher.doFinal(sealed)).hasSize(5);
        assertThatExceptionOfType(InvalidAlgorithmParameterException.class)
                .as("also after a decryption")
                .isThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, aes(), nonce(1)));
        cipher.init(Cipher.ENCRYPT_MODE, aes(), nonce(2));
        assertThat(cipher.doFinal(new byte[5])).isNotEqualTo(sealed);
        byte[] other = KEY.clone();
        other[0] = 1;
        cipher.init(Cipher.ENCRYPT_MODE, key(other, "AES", engine), nonce(2));
        assertThat(cipher.doFinal(new byte[5])).hasSize(21);
    }

    @Test
    void associatedDataComesBeforeTheText() throws Exception {
        Cipher cipher = encrypting();
        cipher.updateAAD(new byte[5]);
        cipher.update(new byte[5]);
        assertThatIllegalStateException().isThrownBy(() -> cipher.updateAAD(new byte[5]));
    }

    @Test
    void aShortOutputLeavesTheStateAsItWas() throws Exception {
        Cipher cipher = encrypting();
        cipher.updateAAD(new byte[5]);
        cipher.update(new byte[10]);
        assertThatExceptionOfType(ShortBufferException.class)
                .isThrownBy(() -> cipher.doFinal(new byte[10], 0, 10, new byte[35], 0));
        ByteBuffer input = ByteBuffer.wrap(new byte[10]);
        assertThatExceptionOfType(ShortBufferException.class)
                .isThrownBy(() -> cipher.doFinal(input, ByteBuffer.allocate(35)));
        assertThat(input.position()).isZero();
        byte[] sealed = cipher.doFinal(new byte[10]);

        Cipher back = decrypting();
        back.updateAAD(new byte[5]);
        assertThatExceptionOfType(ShortBufferException.class)
                .isThrownBy(() -> back.doFinal(sealed, 0, sealed.length, new byte[19], 0));
        assertThat(back.doFinal(sealed)).isEqualTo(new byte[20]);
    }

    @Test
    void nothingOfAForgedTextIsReleased() throws Exception {
        byte[] plain = new byte[50_000];
        Arrays.fill(plain, (byte) 7);
        byte[] sealed = encrypting().doFinal(plain);
        sealed[sealed.length - 1] ^= 1;
        Cipher cipher = decrypting();
        byte[] output = new byte[sealed.length];
        assertThat(cipher.update(sealed, 0, 40_000)).isNull();
        assertThatExceptionOfType(AEADBadTagException.class)
                .isThrownBy(() -> cipher.doFinal(sealed, 40_000, sealed.length - 40_000, output, 0));
        assertThat(output).containsOnly(0);
        sealed[sealed.length - 1] ^= 1;
        assertThat(cipher.doFinal(sealed)).as("usable again").isEqualTo(plain);
        assertThatExceptionOfType(AEADBadTagException.class).isThrownBy(() -> cipher.doFinal(new byte[15]));
    }

    @ParameterizedTest
    @CsvSource({
        "AES/GCM/NoPadding, HmacSHA256, 32",
        "AES_256/GCM/NoPadding, AES, 16",
        "AES_128/GCM/NoPadding, AES, 32",
        "ChaCha20-Poly1305, AES, 32"
    })
    void keysThatDoNotFitAreRefused(String name, String algorithm, int length) throws Exception {
        Cipher cipher = Cipher.getInstance(name, provider);
        Key key = key(new byte[length], algorithm, engine);
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, key));
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[32], "AES")));
    }

    @Test
    void parametersThatDoNotFitAreRefused() throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> cipher.init(Cipher.DECRYPT_MODE, aes()));
        for (AlgorithmParameterSpec spec : new AlgorithmParameterSpec[] {
            new IvParameterSpec(new byte[12]),
            new GCMParameterSpec(64, new byte[12]),
            new GCMParameterSpec(128, new byte[0]),
            new GCMParameterSpec(128, new byte[129])
        }) {
            assertThatExceptionOfType(InvalidAlgorithmParameterException.class)
                    .isThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, aes(), spec));
        }
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> cipher.init(Cipher.WRAP_MODE, aes()));
        Cipher chaCha = Cipher.getInstance("ChaCha20-Poly1305", provider);
        assertThatExceptionOfType(InvalidAlgorithmParameterException.class)
                .isThrownBy(() -> chaCha.init(
                        Cipher.ENCRYPT_MODE, key(KEY, "ChaCha20", engine), new IvParameterSpec(new byte[11])));
    }

    @Test
    void aKeyThatEndsIsReported() throws Exception {
        Key key = aes();
        Cipher cipher = cipher("AES/GCM/NoPadding", Cipher.ENCRYPT_MODE, key, nonce(3));
        session.purge();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> cipher.doFinal(new byte[5]));
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() ->
                        Cipher.getInstance("AES/GCM/NoPadding", provider).init(Cipher.ENCRYPT_MODE, key, nonce(3)));
    }

    @Test
    void ordinaryKeysKeepTheirProvider() throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"));
        assertThat(cipher.getProvider().getName()).isEqualTo("SunJCE");
    }
}
