package io.securememory.jca.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.jca.engine.TestKeys.TestKey;
import io.securememory.testing.Seed;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ECDSA and ECDH, compared with the JDK. */
interface EcContract extends EngineContract {

    private static boolean verifies(String algorithm, PublicKey key, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }

    private static byte[] agreed(TestKey own, TestKey peer) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(own.pair().getPrivate());
        agreement.doPhase(peer.pair().getPublic(), true);
        return agreement.generateSecret();
    }

    /** Digests may be longer than the order, and shorter. */
    @ParameterizedTest
    @EnumSource
    default void signaturesOfDigestsVerifyInTheJdk(Curve curve) throws GeneralSecurityException {
        Random random = Seed.random("signaturesOfDigestsVerifyInTheJdk");
        for (TestKey key : List.of(TestKeys.ec(curve), TestKeys.shortEc(curve))) {
            for (Digest digest : Digest.values()) {
                byte[] message = new byte[random.nextInt(200)];
                random.nextBytes(message);

                byte[] signature = sign(key, new SignatureScheme.Ecdsa(digest), digest(digest, message));

                assertThat(verifies(digest.shortName() + "withECDSA", key.pair().getPublic(), message, signature))
                        .as(digest.name())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    default void signsAnyInputAsADigest(Curve curve) throws GeneralSecurityException {
        Random random = Seed.random("signsAnyInputAsADigest");
        TestKey key = TestKeys.ec(curve);
        SignatureScheme scheme = new SignatureScheme.Ecdsa(null);
        for (int length : new int[] {1, 20, 31, 32, 33, 47, 48, 49, 63, 64}) {
            byte[] input = new byte[length];
            random.nextBytes(input);
            for (byte[] each : List.of(input, new byte[length])) {
                assertThat(verifies("NONEwithECDSA", key.pair().getPublic(), each, sign(key, scheme, each)))
                        .as(length + " bytes")
                        .isTrue();
            }
        }
    }

    /** Only as many bits of the input count as the order has. The JDK takes no input of more than 64 bytes. */
    @Test
    default void signsTheFirstBitsOfALongInput() throws GeneralSecurityException {
        Random random = Seed.random("signsTheFirstBitsOfALongInput");
        SignatureScheme scheme = new SignatureScheme.Ecdsa(null);
        for (Curve curve : List.of(Curve.P_256, Curve.P_384)) {
            TestKey key = TestKeys.ec(curve);
            byte[] input = new byte[65 + random.nextInt(1000)];
            random.nextBytes(input);
            byte[] begin = Arrays.copyOf(input, curve.size());

            assertThat(verifies("NONEwithECDSA", key.pair().getPublic(), begin, sign(key, scheme, input)))
                    .isTrue();
        }
        TestKey key = TestKeys.ec(Curve.P_521);
        byte[] input = new byte[66];
        input[63] = (byte) random.nextInt();
        input[64] = (byte) random.nextInt();
        input[65] = (byte) random.nextInt();
        byte[] shifted = TestKeys.bigEndian(new BigInteger(1, input).shiftRight(7), 64);
        assertThat(verifies("NONEwithECDSA", key.pair().getPublic(), shifted, sign(key, scheme, input)))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    default void publicKeysAreThoseOfTheJdk(Curve curve) throws GeneralSecurityException {
        for (TestKey key : List.of(TestKeys.ec(curve), TestKeys.ec(curve), TestKeys.shortEc(curve))) {
            assertThat(publicKey(key.shape(), key.numbers())).isEqualTo(TestKeys.publicBytes(key));
        }
    }

    @ParameterizedTest
    @EnumSource
    default void smallestAndLargestScalarAreKeys(Curve curve) throws GeneralSecurityException {
        BigInteger order = curve.parameters().getOrder();
        BigInteger p = ((ECFieldFp) curve.parameters().getCurve().getField()).getP();
        ECPoint generator = curve.parameters().getGenerator();
        ECPoint negative = new ECPoint(generator.getAffineX(), p.subtract(generator.getAffineY()));
        KeyShape shape = new KeyShape.Ec(curve);
        byte[] one = TestKeys.number(BigInteger.ONE, curve.size());
        byte[] last = TestKeys.number(order.subtract(BigInteger.ONE), curve.size());

        assertThat(publicKey(shape, one)).isEqualTo(TestKeys.point(curve, generator));
        assertThat(publicKey(shape, last)).isEqualTo(TestKeys.point(curve, negative));
        PublicKey publicKey =
                KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(negative, curve.parameters()));
        byte[] signature = sign(shape, last, new SignatureScheme.Ecdsa(Digest.SHA_256), digest(Digest.SHA_256, one));
        assertThat(verifies("SHA256withECDSA", publicKey, one, signature)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    default void agreesWithTheJdk(Curve curve) throws GeneralSecurityException {
        for (TestKey own : List.of(TestKeys.ec(curve), TestKeys.shortEc(curve))) {
            for (int i = 0; i < 5; i++) {
                TestKey peer = TestKeys.ec(curve);
                assertThat(agree(own.shape(), own.numbers(), TestKeys.publicBytes(peer)))
                        .isEqualTo(agreed(own, peer));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    default void sharedSecretsKeepTheirLeadingZeros(Curve curve) throws GeneralSecurityException {
        TestKey own = TestKeys.ec(curve);
        TestKey peer;
        byte[] shared;
        do {
            peer = TestKeys.ec(curve);
            shared = agreed(own, peer);
        } while (shared[0] != 0);

        assertThat(agree(own.shape(), own.numbers(), TestKeys.publicBytes(peer)))
                .isEqualTo(shared);
    }

    @ParameterizedTest
    @EnumSource
    default void numbersOutsideTheOrderAreNoKeys(Curve curve) throws GeneralSecurityException {
        BigInteger order = curve.parameters().getOrder();
        KeyShape shape = new KeyShape.Ec(curve);
        byte[] peer = TestKeys.publicBytes(TestKeys.ec(curve));
        byte[] all = new byte[curve.size()];
        Arrays.fill(all, (byte) 0xff);
        for (byte[] numbers : List.of(
                new byte[curve.size()],
                TestKeys.number(order, curve.size()),
                TestKeys.number(order.add(BigInteger.ONE), curve.size()),
                all)) {
            assertThatExceptionOfType(InvalidKeyException.class)
                    .isThrownBy(() -> sign(shape, numbers, new SignatureScheme.Ecdsa(null), new byte[32]));
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> publicKey(shape, numbers));
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> agree(shape, numbers, peer));
        }
    }

    @ParameterizedTest
    @EnumSource
    default void pointsThatAreNotOnTheCurveAreRefused(Curve curve) throws GeneralSecurityException {
        Random random = Seed.random("pointsThatAreNotOnTheCurveAreRefused");
        TestKey own = TestKeys.ec(curve);
        int size = curve.size();
        TestKey other = TestKeys.ec(curve);
        byte[] good = TestKeys.publicBytes(other);
        byte[] offCurve = good.clone();
        offCurve[good.length - 1 - random.nextInt(size - 1)] ^= (byte) (1 << random.nextInt(8));
        byte[] compressed = Arrays.copyOf(good, 1 + size);
        compressed[0] = (byte) (2 + (good[good.length - 1] & 1));
        byte[] hybrid = good.clone();
        hybrid[0] = (byte) (6 + (good[good.length - 1] & 1));
        byte[] zeros = new byte[good.length];
        zeros[0] = 4;
        byte[] tooLarge = new byte[good.length];
        Arrays.fill(tooLarge, (byte) 0xff);
        tooLarge[0] = 4;
        byte[] ofAnotherCurve = TestKeys.publicBytes(TestKeys.ec(curve == Curve.P_256 ? Curve.P_384 : Curve.P_256));
        for (byte[] point : List.of(
                offCurve,
                compressed,
                hybrid,
                zeros,
                tooLarge,
                aboveTheField(curve, ((ECPublicKey) other.pair().getPublic()).getW()),
                ofAnotherCurve,
                new byte[1],
                new byte[0],
                new byte[good.length],
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOf(good, good.length + 1))) {
            assertThatExceptionOfType(InvalidKeyException.class)
                    .isThrownBy(() -> agree(own.shape(), own.numbers(), point));
        }
    }

    /** A coordinate that is right modulo p, and is not less than p; or a wrong one where that has no room. */
    private static byte[] aboveTheField(Curve curve, ECPoint point) {
        BigInteger p = ((ECFieldFp) curve.parameters().getCurve().getField()).getP();
        BigInteger y = point.getAffineY().add(p);
        if (y.bitLength() > curve.size() * Byte.SIZE) {
            y = p;
        }
        return TestKeys.point(curve, new ECPoint(point.getAffineX(), y));
    }

    @ParameterizedTest
    @EnumSource
    default void digestsOfAnotherLengthThanTheirNameAreRefused(Curve curve) throws GeneralSecurityException {
        TestKey key = TestKeys.ec(curve);
        for (int length : new int[] {0, 31, 33, 64}) {
            assertThatExceptionOfType(SignatureException.class)
                    .isThrownBy(() -> sign(key, new SignatureScheme.Ecdsa(Digest.SHA_256), new byte[length]));
        }
    }
}
