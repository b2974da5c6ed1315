package io.securememory.jca.engine;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.XECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Keys that the JDK makes, and their secret numbers as {@link KeyShape} lays them out. */
public final class TestKeys {

    private static final Map<Integer, RSAPrivateCrtKey> RSA = new ConcurrentHashMap<>();

    private TestKeys() {}

    /**
     * A key of the JDK with its numbers.
     *
     * @param shape what is public
     * @param numbers the secret numbers, in the byte order of the machine
     * @param pair the key of the JDK
     */
    public record TestKey(KeyShape shape, byte[] numbers, KeyPair pair) {

        /** Makes a secret of the numbers. The caller closes it. */
        public Secret secret(SecretFactory secrets) {
            return secrets.create(numbers.clone());
        }

        public KeyShape.Rsa rsa() {
            return (KeyShape.Rsa) shape;
        }
    }

    /** Returns a key of RSA: one for each length in each JVM, as making them takes long. */
    public static TestKey rsa(int bits) throws GeneralSecurityException {
        RSAPrivateCrtKey key = RSA.get(bits);
        if (key == null) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            key = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
            RSA.put(bits, key);
        }
        return rsa(numbersOf(key));
    }

    /** Returns a key of RSA whose numbers fit, found by trying public exponents. */
    static TestKey rsa(int bits, Predicate<RsaNumbers> wanted) throws GeneralSecurityException {
        RsaNumbers any = numbersOf((RSAPrivateCrtKey) rsa(bits).pair().getPrivate());
        BigInteger totient = any.p().subtract(BigInteger.ONE).multiply(any.q().subtract(BigInteger.ONE));
        for (BigInteger e = any.e(); ; e = e.add(BigInteger.TWO)) {
            if (e.gcd(totient).equals(BigInteger.ONE)) {
                RsaNumbers numbers = new RsaNumbers(any.p(), any.q(), e, e.modInverse(totient));
                if (wanted.test(numbers)) {
                    return rsa(numbers);
                }
            }
        }
    }

    private static RsaNumbers numbersOf(RSAPrivateCrtKey key) {
        return new RsaNumbers(key.getPrimeP(), key.getPrimeQ(), key.getPublicExponent(), key.getPrivateExponent());
    }

    /** Lays out a key of RSA. */
    static TestKey rsa(RsaNumbers numbers) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        KeyPair pair = new KeyPair(
                factory.generatePublic(new RSAPublicKeySpec(numbers.n(), numbers.e())),
                factory.generatePrivate(new RSAPrivateCrtKeySpec(
                        numbers.n(),
                        numbers.e(),
                        numbers.d(),
                        numbers.p(),
                        numbers.q(),
                        numbers.dp(),
                        numbers.dq(),
                        numbers.inverse())));
        KeyShape.Rsa shape = new KeyShape.Rsa(numbers.n(), numbers.e(), false, null);
        return new TestKey(shape, numbers.layout(shape), pair);
    }

    /**
     * The numbers of a key of RSA.
     *
     * @param p first prime
     * @param q second prime
     * @param e public exponent
     * @param d private exponent
     */
    record RsaNumbers(BigInteger p, BigInteger q, BigInteger e, BigInteger d) {

        BigInteger n() {
            return p.multiply(q);
        }

        BigInteger dp() {
            return d.mod(p.subtract(BigInteger.ONE));
        }

        BigInteger dq() {
            return d.mod(q.subtract(BigInteger.ONE));
        }

        BigInteger inverse() {
            return q.modInverse(p);
        }

        byte[] layout(KeyShape.Rsa shape) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(number(d, shape.width()));
            for (BigInteger number : new BigInteger[] {p, q, dp(), dq(), inverse()}) {
                all.writeBytes(number(number, shape.halfWidth()));
            }
            return all.toByteArray();
        }
    }

    /** Returns a new key of a curve. */
    public static TestKey ec(Curve curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve.standardName()));
        KeyPair pair = generator.generateKeyPair();
        byte[] scalar = number(((ECPrivateKey) pair.getPrivate()).getS(), curve.size());
        return new TestKey(new KeyShape.Ec(curve), scalar, pair);
    }

    /** Returns a new key whose scalar begins with a byte that is zero. */
    static TestKey shortEc(Curve curve) throws GeneralSecurityException {
        while (true) {
            TestKey key = ec(curve);
            if (((ECPrivateKey) key.pair().getPrivate()).getS().bitLength() <= (curve.size() - 1) * Byte.SIZE) {
                return key;
            }
        }
    }

    /** Returns a new key of a string of bytes. */
    public static TestKey raw(RawKey kind) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(kind.standardName()).generateKeyPair();
        byte[] bytes = kind.signs()
                ? ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow()
                : ((XECPrivateKey) pair.getPrivate()).getScalar().orElseThrow();
        return new TestKey(new KeyShape.Raw(kind), bytes, pair);
    }

    /** Returns a public key of the JDK as the engines return it. */
    static byte[] publicBytes(TestKey key) {
        if (key.shape() instanceof KeyShape.Ec ec) {
            return point(ec.curve(), ((ECPublicKey) key.pair().getPublic()).getW());
        }
        byte[] encoded = key.pair().getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - key.shape().size(), encoded.length);
    }

    /** Returns an uncompressed point. */
    static byte[] point(Curve curve, ECPoint point) {
        byte[] encoded = new byte[1 + 2 * curve.size()];
        encoded[0] = 4;
        System.arraycopy(bigEndian(point.getAffineX(), curve.size()), 0, encoded, 1, curve.size());
        System.arraycopy(bigEndian(point.getAffineY(), curve.size()), 0, encoded, 1 + curve.size(), curve.size());
        return encoded;
    }

    /** Returns a number with its whole width, the highest byte first. */
    static byte[] bigEndian(BigInteger number, int width) {
        byte[] wide = new byte[width];
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        System.arraycopy(bytes, from, wide, width - (bytes.length - from), bytes.length - from);
        return wide;
    }

    /** Returns a number with its whole width, in the byte order of the machine. */
    static byte[] number(BigInteger number, int width) {
        byte[] bytes = bigEndian(number, width);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int i = 0; i < width / 2; i++) {
                byte swapped = bytes[i];
                bytes[i] = bytes[width - 1 - i];
                bytes[width - 1 - i] = swapped;
            }
        }
        return bytes;
    }
}
