package io.securememory.jca.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.jca.engine.TestKeys.TestKey;
import io.securememory.testing.Seed;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RSA, compared with the JDK. */
interface RsaContract extends EngineContract {

    private static void assertThrown(Class<? extends GeneralSecurityException> type, ThrowingCallable use) {
        assertThatExceptionOfType(type).isThrownBy(use);
    }

    private static boolean verifies(TestKey key, SignatureScheme scheme, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        Signature verifier;
        if (scheme instanceof SignatureScheme.Pss pss) {
            verifier = Signature.getInstance("RSASSA-PSS");
            verifier.setParameter(new PSSParameterSpec(
                    pss.digest().standardName(),
                    "MGF1",
                    new MGF1ParameterSpec(pss.maskDigest().standardName()),
                    pss.saltLength(),
                    PSSParameterSpec.TRAILER_FIELD_BC));
        } else {
            verifier = Signature.getInstance(
                    ((SignatureScheme.Pkcs1) scheme).digest().shortName() + "withRSA");
        }
        verifier.initVerify(key.pair().getPublic());
        verifier.update(message);
        return verifier.verify(signature);
    }

    private static int longestSalt(TestKey key, Digest digest) {
        return (key.rsa().modulus().bitLength() + Byte.SIZE - 2) / Byte.SIZE - digest.size() - 2;
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 1025, 1031, 2047, 2048, 3072, 4096})
    default void pkcs1SignaturesVerifyInTheJdk(int bits) throws GeneralSecurityException {
        Random random = Seed.random("pkcs1SignaturesVerifyInTheJdk");
        TestKey key = TestKeys.rsa(bits);
        for (Digest digest : Digest.values()) {
            byte[] message = new byte[random.nextInt(100)];
            random.nextBytes(message);
            SignatureScheme scheme = new SignatureScheme.Pkcs1(digest);

            byte[] signature = sign(key, scheme, digest(digest, message));

            assertThat(signature).hasSize(key.rsa().width());
            assertThat(verifies(key, scheme, message, signature))
                    .as(digest.name())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 1025, 1031, 2047, 2048, 3072, 4096})
    default void pssSignaturesVerifyInTheJdk(int bits) throws GeneralSecurityException {
        Random random = Seed.random("pssSignaturesVerifyInTheJdk");
        TestKey key = TestKeys.rsa(bits);
        for (Digest digest : Digest.values()) {
            int longest = longestSalt(key, digest);
            if (longest < 0) {
                continue;
            }
            Digest mask = Digest.values()[random.nextInt(Digest.values().length)];
            for (int salt : new int[] {0, Math.min(digest.size(), longest), random.nextInt(longest + 1), longest}) {
                byte[] message = new byte[random.nextInt(100)];
                random.nextBytes(message);
                SignatureScheme scheme = new SignatureScheme.Pss(digest, mask, salt);

                byte[] signature = sign(key, scheme, digest(digest, message));

                assertThat(signature).hasSize(key.rsa().width());
                assertThat(verifies(key, scheme, message, signature))
                        .as(scheme.toString())
                        .isTrue();
            }
        }
    }

    @Test
    default void pssTakesAnotherSaltEachTime() throws GeneralSecurityException {
        TestKey key = TestKeys.rsa(1024);
        SignatureScheme scheme = new SignatureScheme.Pss(Digest.SHA_256, Digest.SHA_256, 32);
        byte[] digest = digest(Digest.SHA_256, new byte[3]);

        assertThat(sign(key, scheme, digest)).isNotEqualTo(sign(key, scheme, digest));
    }

    @Test
    default void keysOfPssSignWithPssAndDoNothingElse() throws GeneralSecurityException {
        TestKey any = TestKeys.rsa(2048);
        KeyShape.Rsa shape = new KeyShape.Rsa(any.rsa().modulus(), any.rsa().publicExponent(), true, null);
        TestKey key = new TestKey(shape, any.numbers(), any.pair());
        byte[] digest = digest(Digest.SHA_384, new byte[5]);
        SignatureScheme pss = new SignatureScheme.Pss(Digest.SHA_384, Digest.SHA_384, 48);

        assertThat(verifies(key, pss, new byte[5], sign(key, pss, digest))).isTrue();
        assertThrown(InvalidKeyException.class, () -> sign(key, new SignatureScheme.Pkcs1(Digest.SHA_384), digest));
        assertThrown(InvalidKeyException.class, () -> decrypt(key, new RsaPadding.None(), new byte[256]));
    }

    @Test
    default void numbersMayBeginWithZeros() throws GeneralSecurityException {
        int width = 1024 / Byte.SIZE;
        List<TestKey> keys = List.of(
                TestKeys.rsa(1024, numbers -> isShort(numbers.d(), width)),
                TestKeys.rsa(1024, numbers -> isShort(numbers.dp(), width / 2)),
                TestKeys.rsa(1024, numbers -> isShort(numbers.dq(), width / 2)));
        SignatureScheme scheme = new SignatureScheme.Pkcs1(Digest.SHA_256);
        for (TestKey key : keys) {
            byte[] signature = sign(key, scheme, digest(Digest.SHA_256, new byte[7]));

            assertThat(verifies(key, scheme, new byte[7], signature)).isTrue();
        }
    }

    private static boolean isShort(BigInteger number, int width) {
        return number.bitLength() <= (width - 1) * Byte.SIZE;
    }

    @Test
    default void signaturesAndPlaintextsMayBeginWithZeros() throws GeneralSecurityException {
        TestKey key = TestKeys.rsa(1024);
        SignatureScheme scheme = new SignatureScheme.Pkcs1(Digest.SHA_256);
        byte[] signature;
        byte[] message = new byte[2];
        do {
            if (++message[0] == 0) {
                message[1]++;
            }
            signature = sign(key, scheme, digest(Digest.SHA_256, message));
        } while (signature[0] != 0);

        assertThat(signature).hasSize(128);
        assertThat(verifies(key, scheme, message, signature)).isTrue();
        byte[] small = new byte[128];
        small[127] = 3;
        assertThat(decrypt(key, new RsaPadding.None(), encrypted(key, small))).isEqualTo(small);
        assertThat(decrypt(key, new RsaPadding.None(), new byte[128])).isEqualTo(new byte[128]);
    }

    private static byte[] encrypted(TestKey key, byte[] plaintext) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key.pair().getPublic());
        return cipher.doFinal(plaintext);
    }

    private static byte[] encrypted(TestKey key, RsaPadding.Oaep padding, byte[] plaintext)
            throws GeneralSecurityException {
        byte[] label = new byte[padding.label().remaining()];
        padding.label().duplicate().get(label);
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                key.pair().getPublic(),
                new OAEPParameterSpec(
                        padding.digest().standardName(),
                        "MGF1",
                        new MGF1ParameterSpec(padding.maskDigest().standardName()),
                        new PSource.PSpecified(label)));
        return cipher.doFinal(plaintext);
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 1025, 2047, 2048, 3072, 4096})
    default void decryptsWhatTheJdkEncrypts(int bits) throws GeneralSecurityException {
        Random random = Seed.random("decryptsWhatTheJdkEncrypts");
        TestKey key = TestKeys.rsa(bits);
        byte[] whole = new byte[key.rsa().width()];
        random.nextBytes(whole);
        whole[0] = 0;
        assertThat(decrypt(key, new RsaPadding.None(), encrypted(key, whole))).isEqualTo(whole);
        for (Digest digest : Digest.values()) {
            int longest = key.rsa().width() - 2 * digest.size() - 2;
            if (longest < 0) {
                continue;
            }
            Digest mask = Digest.values()[random.nextInt(Digest.values().length)];
            for (int length : new int[] {0, random.nextInt(longest + 1), longest}) {
                byte[] label = new byte[random.nextInt(3) * 17];
                random.nextBytes(label);
                RsaPadding.Oaep padding =
                        new RsaPadding.Oaep(digest, mask, ByteBuffer.wrap(label).asReadOnlyBuffer());
                byte[] plaintext = new byte[length];
                random.nextBytes(plaintext);

                assertThat(decrypt(key, padding, encrypted(key, padding, plaintext)))
                        .as(padding.toString())
                        .isEqualTo(plaintext);
                assertThat(padding.label().remaining()).isEqualTo(label.length);
            }
        }
    }

    @Test
    default void everyCiphertextThatDoesNotFitGetsTheSameAnswer() throws GeneralSecurityException {
        Random random = Seed.random("everyCiphertextThatDoesNotFitGetsTheSameAnswer");
        TestKey key = TestKeys.rsa(1024);
        int width = key.rsa().width();
        RsaPadding.Oaep padding = new RsaPadding.Oaep(Digest.SHA_256, Digest.SHA_1, ByteBuffer.allocate(0));
        RsaPadding.Oaep labelled = new RsaPadding.Oaep(Digest.SHA_256, Digest.SHA_1, ByteBuffer.allocate(1));
        byte[] high = new byte[width];
        random.nextBytes(high);
        byte[] low = high.clone();
        high[0] = 1;
        low[0] = 0;
        byte[] noSeparator = new byte[width];
        byte[] modulus = TestKeys.bigEndian(key.rsa().modulus(), width);
        byte[] damaged = encrypted(key, padding, new byte[5]);
        damaged[width - 1] ^= 1;

        List<byte[]> ciphertexts = List.of(
                encrypted(key, high),
                encrypted(key, low),
                encrypted(key, noSeparator),
                encrypted(key, labelled, new byte[5]),
                damaged,
                modulus,
                TestKeys.bigEndian(BigInteger.ONE.shiftLeft(1024).subtract(BigInteger.ONE), width),
                new byte[width],
                new byte[0],
                new byte[width - 1],
                new byte[width + 1]);
        for (byte[] ciphertext : ciphertexts) {
            assertThatExceptionOfType(BadPaddingException.class)
                    .isThrownBy(() -> decrypt(key, padding, ciphertext))
                    .withMessage("The ciphertext does not fit the key and the padding.")
                    .withNoCause();
        }
        assertThrown(BadPaddingException.class, () -> decrypt(key, new RsaPadding.None(), modulus));
        assertThrown(BadPaddingException.class, () -> decrypt(key, new RsaPadding.None(), new byte[width + 1]));
        assertThrown(BadPaddingException.class, () -> decrypt(key, new RsaPadding.None(), new byte[width - 1]));
    }

    @Test
    default void keysThatAreTooShortAreRefused() throws GeneralSecurityException {
        TestKey small = TestKeys.rsa(512);
        TestKey key = TestKeys.rsa(1024);
        ByteBuffer label = ByteBuffer.allocate(0);

        assertThrown(
                InvalidKeyException.class, () -> sign(small, new SignatureScheme.Pkcs1(Digest.SHA_512), new byte[64]));
        for (int salt : new int[] {longestSalt(key, Digest.SHA_256) + 1, 1000, Integer.MAX_VALUE, -1}) {
            assertThrown(
                    InvalidKeyException.class,
                    () -> sign(key, new SignatureScheme.Pss(Digest.SHA_256, Digest.SHA_1, salt), new byte[32]));
        }
        assertThrown(
                InvalidKeyException.class,
                () -> sign(small, new SignatureScheme.Pss(Digest.SHA_512, Digest.SHA_1, 0), new byte[64]));
        assertThrown(
                InvalidKeyException.class,
                () -> decrypt(key, new RsaPadding.Oaep(Digest.SHA_512, Digest.SHA_1, label), new byte[128]));
    }

    /** Source: RFC 8017, sections 7.1.1 and 9.2: 94 bytes for SHA-512, and 66 for OAEP with SHA-256. */
    @Test
    default void theShortestKeysAreUsed() throws GeneralSecurityException {
        SignatureScheme pkcs1 = new SignatureScheme.Pkcs1(Digest.SHA_512);
        RsaPadding.Oaep oaep = new RsaPadding.Oaep(Digest.SHA_256, Digest.SHA_256, ByteBuffer.allocate(0));
        byte[] digest = digest(Digest.SHA_512, new byte[2]);

        assertThat(verifies(TestKeys.rsa(752), pkcs1, new byte[2], sign(TestKeys.rsa(752), pkcs1, digest)))
                .isTrue();
        assertThrown(InvalidKeyException.class, () -> sign(TestKeys.rsa(744), pkcs1, digest));
        assertThrown(BadPaddingException.class, () -> decrypt(TestKeys.rsa(528), oaep, new byte[66]));
        assertThrown(InvalidKeyException.class, () -> decrypt(TestKeys.rsa(520), oaep, new byte[65]));
    }

    @Test
    default void digestsOfAnotherLengthAreRefused() throws GeneralSecurityException {
        TestKey key = TestKeys.rsa(1024);
        for (int length : new int[] {0, 31, 33, 64, 5000}) {
            byte[] input = new byte[length];
            assertThrown(SignatureException.class, () -> sign(key, new SignatureScheme.Pkcs1(Digest.SHA_256), input));
            assertThrown(
                    SignatureException.class,
                    () -> sign(key, new SignatureScheme.Pss(Digest.SHA_256, Digest.SHA_256, 32), input));
        }
    }

    /** An engine may notice that, and take d instead. */
    @Test
    default void numbersThatDoNotBelongTogetherGiveNoWrongSignature() throws GeneralSecurityException {
        TestKey key = TestKeys.rsa(1024);
        int half = key.rsa().halfWidth();
        for (int number = 0; number < KeyShape.Rsa.CRT_NUMBERS; number++) {
            byte[] numbers = key.numbers().clone();
            int at = key.rsa().width() + number * half;
            numbers[at + half / 2] ^= 4;
            byte[] zeros = key.numbers().clone();
            Arrays.fill(zeros, at, at + half, (byte) 0);
            assertNoWrongSignature(new TestKey(key.shape(), numbers, key.pair()));
            assertNoWrongSignature(new TestKey(key.shape(), zeros, key.pair()));
        }
        assertNoWrongSignature(new TestKey(key.shape(), new byte[key.numbers().length], key.pair()));
    }

    private void assertNoWrongSignature(TestKey bad) throws GeneralSecurityException {
        SignatureScheme pkcs1 = new SignatureScheme.Pkcs1(Digest.SHA_256);
        for (SignatureScheme scheme : List.of(pkcs1, new SignatureScheme.Pss(Digest.SHA_256, Digest.SHA_256, 20))) {
            try {
                byte[] signature = sign(bad, scheme, digest(Digest.SHA_256, new byte[2]));
                assertThat(verifies(bad, scheme, new byte[2], signature)).isTrue();
            } catch (InvalidKeyException | SignatureException e) {
                assertThat(e).hasNoCause();
            }
        }
    }
}
