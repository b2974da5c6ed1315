package io.securememory.jca.encoding;

import static io.securememory.jca.encoding.Der.BIT_STRING;
import static io.securememory.jca.encoding.Der.INTEGER;
import static io.securememory.jca.encoding.Der.OCTET_STRING;
import static io.securememory.jca.encoding.Der.SEQUENCE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.internal.SourceSecret;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.RawKey;
import io.securememory.testing.PemForms;
import io.securememory.testing.Seed;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds of keys that are read, and those that are not. */
class KeyKindsTest {

    private static final String EC = "2a8648ce3d0201";

    private final SecureMemory session = SecureMemory.create();

    /** Texts and numbers, kept until the session closes them. */
    private final List<Secret> secrets = new ArrayList<>();

    @AfterEach
    void closeSession() {
        session.close();
    }

    private ParsedKey read(byte[] text) {
        Secret source = session.secrets().create(text.clone());
        secrets.add(source);
        ParsedKey key = PrivateKeyText.read((SourceSecret) source, null);
        secrets.add(key.numbers()); // What nobody holds is closed by the garbage collector, and is counted meanwhile.
        return key;
    }

    private void refused(byte[] text, String problem) {
        long before = session.status().liveSecrets();
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining(problem);
        assertThat(session.status().liveSecrets()).isEqualTo(before + 1);
    }

    private static KeyPair generated(String algorithm, AlgorithmParameterSpec spec) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(spec);
        return generator.generateKeyPair();
    }

    private static PrivateKey rsa(int bits, @Nullable PSSParameterSpec pss) throws GeneralSecurityException {
        return generated(
                        pss == null ? "RSA" : "RSASSA-PSS",
                        new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4, pss))
                .getPrivate();
    }

    /** Widths that are no multiple of anything. */
    @ParameterizedTest
    @ValueSource(ints = {1024, 1025, 1031, 1032, 1033, 2047, 2048})
    void rsaOfAnyLength(int bits) throws GeneralSecurityException {
        PrivateKey key = rsa(bits, null);
        Numbers.areThoseOf(key, read(key.getEncoded()));
    }

    @Test
    void keysOfPssKeepTheirParameters() throws GeneralSecurityException {
        for (String mask : List.of("SHA-1", "SHA-224", "SHA-512")) {
            PrivateKey key = rsa(1536, new PSSParameterSpec("SHA-384", "MGF1", new MGF1ParameterSpec(mask), 33, 1));
            Numbers.areThoseOf(key, read(key.getEncoded()));
        }
        PrivateKey other =
                rsa(1536, new PSSParameterSpec("SHA-512/256", "MGF1", new MGF1ParameterSpec("SHA-512/256"), 32, 1));
        refused(other.getEncoded(), "parameters of RSASSA-PSS other than SHA-1 and SHA-2");
    }

    @Test
    void keysOfPssWithNullAsTheirParametersHaveNone() {
        byte[] pkcs1 = PemForms.file("rsa-pkcs1.der").getBytes(ISO_8859_1);
        ParsedKey key = read(Der.pkcs8(0, "2a864886f70d01010a", Der.hex("0500"), pkcs1));
        assertThat(key.shape().algorithm()).isEqualTo("RSASSA-PSS");
        assertThat(((KeyShape.Rsa) key.shape()).parameters()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void keysOfEachCurve(Curve curve) throws GeneralSecurityException {
        for (int i = 0; i < 50; i++) {
            KeyPair pair = generated("EC", new ECGenParameterSpec(curve.standardName()));
            Numbers.areThoseOf(pair.getPrivate(), read(pair.getPrivate().getEncoded()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysOfBytes(RawKey kind) throws GeneralSecurityException {
        PrivateKey key = KeyPairGenerator.getInstance(kind.standardName())
                .generateKeyPair()
                .getPrivate();
        Numbers.areThoseOf(key, read(key.getEncoded()));
    }

    private static byte[] sec1(Curve curve, byte[] number, byte[]... more) {
        byte[] behind = more.length == 0 ? new byte[0] : more[0];
        byte[] key = Der.element(SEQUENCE, Der.integer(1), Der.element(OCTET_STRING, number), behind);
        return Der.pkcs8(0, EC, Der.element(0x06, Der.hex(curve.identifier())), key);
    }

    /** Some writers leave out zeros, and some write one too many. */
    @ParameterizedTest
    @EnumSource
    void scalarsOfOtherLengths(Curve curve) {
        Random random = Seed.random("scalarsOfOtherLengths " + curve);
        for (int length = 1; length < curve.size(); length++) {
            BigInteger scalar = new BigInteger(Byte.SIZE * length, random)
                    .add(BigInteger.ONE)
                    .mod(curve.parameters().getOrder());
            byte[] written = scalar.toByteArray();
            for (int zeros = 0; zeros <= curve.size() + 2 - written.length; zeros++) {
                byte[] more = new byte[zeros + written.length];
                System.arraycopy(written, 0, more, zeros, written.length);
                ParsedKey key = read(sec1(curve, more));
                assertThat(Numbers.integers(key.numbers(), curve.size())).containsExactly(scalar);
                key.numbers().close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void scalarsAreBetweenZeroAndTheOrder(Curve curve) {
        BigInteger order = curve.parameters().getOrder();
        for (BigInteger good : List.of(BigInteger.ONE, order.subtract(BigInteger.ONE))) {
            assertThat(Numbers.integers(read(sec1(curve, good.toByteArray())).numbers(), curve.size()))
                    .containsExactly(good);
        }
        String problem = "not between 0 and the order of its curve";
        for (BigInteger bad : List.of(
                BigInteger.ZERO, order, order.add(BigInteger.ONE), BigInteger.ONE.shiftLeft(8 * curve.size()))) {
            refused(sec1(curve, bad.toByteArray()), problem);
        }
        byte[] ones = new byte[curve.size()];
        Arrays.fill(ones, (byte) -1);
        refused(sec1(curve, ones), problem);
        refused(sec1(curve, new byte[0]), problem);
    }

    @Test
    void publicKeysAreHandedOver() throws GeneralSecurityException {
        ByteBuffer point =
                read(PemForms.file("prime256v1-sec1.pem").getBytes(ISO_8859_1)).publicKey();
        assertThat(point.remaining()).isEqualTo(65);
        assertThat(point.isReadOnly()).isTrue();
        assertThat(read(PemForms.file("prime256v1-compressed.pem").getBytes(ISO_8859_1))
                        .publicKey()
                        .remaining())
                .isEqualTo(33);
        assertThat(read(PemForms.file("prime256v1-no-public.pem").getBytes(ISO_8859_1))
                        .publicKey())
                .isNull();
        byte[] raw = new byte[33];
        new SecureRandom().nextBytes(raw);
        raw[0] = 0;
        byte[] attributes = Der.element(0xA0, Der.element(SEQUENCE));
        byte[] key = Der.element(OCTET_STRING, Arrays.copyOf(raw, 32));
        assertThat(read(Der.pkcs8(1, "2b6570", new byte[0], key, attributes, Der.element(0x81, raw)))
                        .publicKey())
                .isEqualTo(ByteBuffer.wrap(raw, 1, 32));
        assertThat(read(Der.pkcs8(1, "2b6570", new byte[0], key, attributes)).publicKey())
                .isNull();
    }

    @Test
    void publicKeysThatCannotBeThoseOfTheKeyAreRefused() {
        byte[] seed = Der.element(OCTET_STRING, new byte[32]);
        refused(
                Der.pkcs8(1, "2b6570", new byte[0], seed, Der.element(0x81, new byte[34])),
                "the public key in it is none of Ed25519");
        refused(
                Der.pkcs8(1, "2b6570", new byte[0], seed, Der.element(0x81, Der.hex("07"), new byte[32])),
                "no private key");
        refused(Der.pkcs8(0, "2b6570", new byte[0], seed, Der.element(0x81, new byte[33])), "no private key");
        for (String point : List.of("00", "04", "020001", "050001")) {
            byte[] bits = Der.element(0xA1, Der.element(BIT_STRING, Der.hex("00" + point)));
            refused(sec1(Curve.P_256, new byte[] {1}, bits), "the public key in it is no point");
        }
    }

    @Test
    void otherKindsAreRefused() throws GeneralSecurityException {
        refused(PemForms.file("dsa.pem").getBytes(ISO_8859_1), "an algorithm other than RSA, RSASSA-PSS, EC");
        refused(
                KeyPairGenerator.getInstance("DH")
                        .generateKeyPair()
                        .getPrivate()
                        .getEncoded(),
                "an algorithm other than RSA, RSASSA-PSS, EC");
        refused(Der.pkcs8(0, "00".repeat(70), new byte[0], new byte[1]), "an algorithm other than RSA");
        for (String curve : List.of("secp256k1", "brainpoolP256r1", "prime192v1", "sect233k1")) {
            for (String form : List.of(".pem", "-sec1.pem")) {
                refused(
                        PemForms.file(curve + form).getBytes(ISO_8859_1),
                        "an elliptic curve other than P-256, P-384 and P-521");
            }
        }
        byte[] number = Der.element(SEQUENCE, Der.integer(1), Der.element(OCTET_STRING, new byte[] {1}));
        refused(Der.pkcs8(0, EC, Der.element(SEQUENCE, Der.integer(1)), number), "not given by name, as openssl pkey");
        refused(Der.pkcs8(0, EC, new byte[0], number), "not given by name, as openssl pkey");
        byte[] other = Der.element(0xA0, Der.element(0x06, Der.hex(Curve.P_384.identifier())));
        refused(sec1(Curve.P_256, new byte[] {1}, other), "it names two elliptic curves");
        refused(PemForms.file("rsa-primes.pem").getBytes(ISO_8859_1), "more than two primes");
        refused(rsa(1016, null).getEncoded(), "1016 bits: make one with 1024 to 16384");
        refused(rsa(512, null).getEncoded(), "512 bits");
        refused(Der.pkcs8(0, "2b6571", new byte[0], Der.element(OCTET_STRING, new byte[56])), "has 56 bytes");
    }

    /** The numbers of a key, in the order of PKCS#1. */
    private static BigInteger[] numbers(BigInteger p, BigInteger q, BigInteger e) {
        BigInteger one = BigInteger.ONE;
        BigInteger d = e.modInverse(p.subtract(one).multiply(q.subtract(one)));
        return new BigInteger[] {
            p.multiply(q), e, d, p, q, d.mod(p.subtract(one)), d.mod(q.subtract(one)), q.modInverse(p)
        };
    }

    private static byte[] pkcs1(BigInteger... numbers) {
        byte[][] all = new byte[numbers.length + 1][];
        all[0] = Der.integer(0);
        for (int i = 0; i < numbers.length; i++) {
            all[i + 1] = Der.integer(numbers[i]);
        }
        return Der.element(SEQUENCE, all);
    }

    private static BigInteger[] numbers(Random random, int bitsOfP, int bitsOfQ) {
        while (true) {
            BigInteger p = BigInteger.probablePrime(bitsOfP, random);
            BigInteger q = BigInteger.probablePrime(bitsOfQ, random);
            try {
                return numbers(p, q, BigInteger.valueOf(65537));
            } catch (ArithmeticException e) {
                continue; // The exponent has no inverse.
            }
        }
    }

    @Test
    void primesThatAreTooLongForTheirPlaceAreRefused() {
        Random random = Seed.random("primesThatAreTooLongForTheirPlaceAreRefused");
        for (int more : List.of(0, 7, 8)) {
            byte[] text = pkcs1(numbers(random, 512 + more, 520 - more));
            assertThat(read(text).shape().algorithm()).isEqualTo("RSA");
        }
        refused(pkcs1(numbers(random, 560, 480)), "its primes have different lengths");
        refused(pkcs1(numbers(random, 480, 560)), "its primes have different lengths");
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        BigInteger[] good = numbers(Seed.random("numbersThatDoNotFitAreRefused"), 520, 512);
        assertThat(read(pkcs1(good)).shape().algorithm()).isEqualTo("RSA");
        for (int i = 0; i < good.length; i++) {
            BigInteger[] bad = good.clone();
            bad[i] = i == 7 ? good[3] : good[i].add(BigInteger.ONE);
            refused(pkcs1(bad), "its numbers are not those of a key of RSA");
            bad[i] = BigInteger.ZERO;
            refused(pkcs1(bad), i == 0 ? "0 bits" : "its numbers are not those of a key of RSA");
            bad[i] = i == 0 ? good[i].add(BigInteger.TWO) : good[i].add(good[0].add(BigInteger.ONE));
            refused(pkcs1(bad), "its numbers are not those of a key of RSA");
            bad[i] = good[i].negate();
            refused(pkcs1(bad), "one of its numbers is negative");
        }
        BigInteger[] without = good.clone();
        Arrays.fill(without, 3, 8, BigInteger.ZERO);
        refused(pkcs1(without), "without its primes");
        refused(pkcs1(Arrays.copyOf(good, 7)), "no private key");
        BigInteger[] more = Arrays.copyOf(good, 9);
        more[8] = BigInteger.TWO;
        refused(pkcs1(more), "no private key");
    }

    @Test
    void numbersAreAsShortAsPossible() {
        BigInteger[] good = numbers(Seed.random("numbersAreAsShortAsPossible"), 512, 520);
        byte[] zeros = Der.element(INTEGER, new byte[1], good[0].toByteArray());
        refused(Der.element(SEQUENCE, Der.integer(0), zeros), "begins with zeros");
        refused(Der.element(SEQUENCE, Der.integer(0), Der.element(INTEGER)), "no private key");
    }

    /** The public key may be small, and the other one must not be. */
    @Test
    void exponentsAreOddAndMoreThanOne() {
        BigInteger[] good = numbers(Seed.random("exponentsAreOddAndMoreThanOne"), 512, 520);
        good[1] = BigInteger.ONE;
        refused(pkcs1(good), "its numbers are not those of a key of RSA");
    }

    /** Reads the JDK's own key, whose scalar often has zeros at its start. */
    @Test
    void theSameTextGivesTheSameNumbers() throws GeneralSecurityException {
        PrivateKey key = generated("EC", new ECGenParameterSpec("secp521r1")).getPrivate();
        ParsedKey first = read(key.getEncoded());
        ParsedKey second = read(key.getEncoded());
        assertThat(first.numbers().contentEquals(second.numbers())).isTrue();
        assertThat(first.shape()).isEqualTo(second.shape());
    }
}
