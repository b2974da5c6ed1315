package io.securememory.jca.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.jca.engine.TestKeys.TestKey;
import io.securememory.testing.Seed;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** EdDSA, X25519 and X448, compared with the JDK and with the vectors of RFC 8032 and RFC 7748. */
interface RawKeyContract extends EngineContract {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @ParameterizedTest
    @EnumSource(names = {"ED25519", "ED448"})
    default void eddsaSignaturesVerifyInTheJdk(RawKey kind) throws GeneralSecurityException {
        Random random = Seed.random("eddsaSignaturesVerifyInTheJdk");
        for (int length : new int[] {0, 1, 63, 64, 127, 128, 129, random.nextInt(100_000)}) {
            TestKey key = TestKeys.raw(kind);
            byte[] message = new byte[length];
            random.nextBytes(message);

            byte[] signature = sign(key, new SignatureScheme.Eddsa(), message);

            assertThat(signature).hasSize(2 * kind.size());
            Signature verifier = Signature.getInstance(kind.standardName());
            verifier.initVerify(key.pair().getPublic());
            verifier.update(message);
            assertThat(verifier.verify(signature)).as(length + " bytes").isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ED25519, 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '',"
                        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
                "ED25519, 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
                        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
                "ED25519, c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
                        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
                "ED448, 6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3"
                        + "528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b,"
                        + "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778"
                        + "edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180, '',"
                        + "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f"
                        + "2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a"
                        + "9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4db"
                        + "b61149f05a7363268c71d95808ff2e652600"
            })
    default void signaturesAreThoseOfRfc8032(
            RawKey kind, String key, String publicKey, String message, String signature)
            throws GeneralSecurityException {
        KeyShape shape = new KeyShape.Raw(kind);

        assertThat(publicKey(shape, hex(key))).isEqualTo(hex(publicKey));
        assertThat(sign(shape, hex(key), new SignatureScheme.Eddsa(), hex(message)))
                .isEqualTo(hex(signature));
    }

    @ParameterizedTest
    @CsvSource({
        "X25519, a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
                + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
                + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        "X25519, 4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
                + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
                + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        "X448, 3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121700a779c"
                + "984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3,"
                + "06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9814dc031"
                + "ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086,"
                + "ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239fe14fbaad"
                + "eb445fc66a01b0779d98223961111e21766282f73dd96b6f",
        "X448, 203d494428b8399352665ddca42f9de8fef600908e0d461cb021f8c538345dd7"
                + "7c3e4806e25f46d3315c44e0a5b4371282dd2c8d5be3095f,"
                + "0fbcc2f993cd56d3305b0b7d9e55d4c1a8fb5dbb52f8e9a1e9b6201b165d0158"
                + "94e56c4d3570bee52fe205e28a78b91cdfbde71ce8d157db,"
                + "884a02576239ff7a2f2f63b2db6a9ff37047ac13568e1e30fe63c4a7ad1b3ee3"
                + "a5700df34321d62077e63633c575c1c954514e99da7c179d"
    })
    default void sharedSecretsAreThoseOfRfc7748(RawKey kind, String key, String peer, String shared)
            throws GeneralSecurityException {
        assertThat(agree(new KeyShape.Raw(kind), hex(key), hex(peer))).isEqualTo(hex(shared));
    }

    @ParameterizedTest
    @EnumSource
    default void publicKeysOfBytesAreThoseOfTheJdk(RawKey kind) throws GeneralSecurityException {
        for (int i = 0; i < 10; i++) {
            TestKey key = TestKeys.raw(kind);
            assertThat(publicKey(key.shape(), key.numbers())).isEqualTo(TestKeys.publicBytes(key));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"X25519", "X448"})
    default void agreesWithTheJdkOnKeysOfBytes(RawKey kind) throws GeneralSecurityException {
        for (int i = 0; i < 10; i++) {
            TestKey own = TestKeys.raw(kind);
            TestKey peer = TestKeys.raw(kind);
            KeyAgreement agreement = KeyAgreement.getInstance(kind.standardName());
            agreement.init(own.pair().getPrivate());
            agreement.doPhase(peer.pair().getPublic(), true);

            assertThat(agree(own.shape(), own.numbers(), TestKeys.publicBytes(peer)))
                    .isEqualTo(agreement.generateSecret());
        }
    }

    /** Source of those of Curve25519 that are not obvious: the order 8 points of its Montgomery form. */
    @ParameterizedTest
    @EnumSource(names = {"X25519", "X448"})
    default void pointsOfASmallOrderAreRefused(RawKey kind) throws GeneralSecurityException {
        BigInteger p = kind == RawKey.X25519
                ? BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19))
                : BigInteger.TWO.pow(448).subtract(BigInteger.TWO.pow(224)).subtract(BigInteger.ONE);
        List<byte[]> points = new ArrayList<>();
        for (BigInteger u :
                List.of(BigInteger.ZERO, BigInteger.ONE, p.subtract(BigInteger.ONE), p, p.add(BigInteger.ONE))) {
            points.add(littleEndian(u, kind.size()));
        }
        if (kind == RawKey.X25519) {
            points.add(hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"));
            points.add(hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"));
            byte[] highBit = new byte[kind.size()];
            highBit[31] = (byte) 0x80;
            points.add(highBit);
        }
        TestKey own = TestKeys.raw(kind);
        for (byte[] point : points) {
            assertThatExceptionOfType(InvalidKeyException.class)
                    .isThrownBy(() -> agree(own.shape(), own.numbers(), point));
        }
    }

    private static byte[] littleEndian(BigInteger number, int width) {
        byte[] big = TestKeys.bigEndian(number, width);
        byte[] little = new byte[width];
        for (int i = 0; i < width; i++) {
            little[i] = big[width - 1 - i];
        }
        return little;
    }

    @ParameterizedTest
    @EnumSource(names = {"X25519", "X448"})
    default void publicKeysOfAnotherLengthAreRefused(RawKey kind) throws GeneralSecurityException {
        TestKey own = TestKeys.raw(kind);
        byte[] peer = TestKeys.publicBytes(TestKeys.raw(kind));
        for (int length : new int[] {0, 1, kind.size() - 1, kind.size() + 1, 1000}) {
            assertThatExceptionOfType(InvalidKeyException.class)
                    .isThrownBy(() -> agree(own.shape(), own.numbers(), Arrays.copyOf(peer, length)));
        }
    }

    @Test
    default void keysOfBytesDoOnlyWhatTheyAreFor() throws GeneralSecurityException {
        for (RawKey kind : RawKey.values()) {
            TestKey key = TestKeys.raw(kind);
            if (kind.signs()) {
                byte[] peer = TestKeys.publicBytes(key);
                assertThatExceptionOfType(InvalidKeyException.class)
                        .isThrownBy(() -> agree(key.shape(), key.numbers(), peer));
            } else {
                assertThatExceptionOfType(InvalidKeyException.class)
                        .isThrownBy(() -> sign(key, new SignatureScheme.Eddsa(), new byte[3]));
            }
        }
    }
}
