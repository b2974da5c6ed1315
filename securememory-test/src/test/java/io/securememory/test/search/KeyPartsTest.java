package io.securememory.test.search;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of private keys the secret numbers are found, and nothing that other keys or the public key have as well. */
@OnEverySystem
class KeyPartsTest {

    private final Random random = Seed.random("KeyPartsTest");

    private static KeyPair pair(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (size > 0) {
            generator.initialize(size);
        }
        return generator.generateKeyPair();
    }

    private static byte[] pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return ("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n").getBytes(US_ASCII);
    }

    private byte[] between(byte[]... all) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] each : all) {
            byte[] before = new byte[50];
            random.nextBytes(before);
            bytes.writeBytes(before);
            bytes.writeBytes(each);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"RSA,1024", "RSA,2048", "RSA,4096", "EC,256", "EC,521", "Ed25519,0", "X448,0", "DSA,1024"})
    void noOtherKeyAndNothingPublicIsFound(String algorithm, int size) throws Exception {
        KeyPair pair = pair(algorithm, size);
        byte[] other = pair(algorithm, size).getPrivate().getEncoded();
        byte[] publicKey = pair.getPublic().getEncoded();
        byte[] all = between(other, pem("PRIVATE KEY", other), publicKey, pem("PUBLIC KEY", publicKey));

        byte[] der = pair.getPrivate().getEncoded();
        assertThat(new Haystack(all, der).search()).isEmpty();
        assertThat(new Haystack(all, pem("PRIVATE KEY", der)).search()).isEmpty();
        assertThat(new Haystack(all, pem("PRIVATE KEY", der)).canFindAll()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"RSA,2048", "EC,256", "EC,521", "Ed25519,0", "X448,0", "DSA,1024"})
    void theKeyIsFoundInEachFile(String algorithm, int size) throws Exception {
        byte[] der = pair(algorithm, size).getPrivate().getEncoded();
        byte[] pem = pem("PRIVATE KEY", der);
        for (byte[] secret : new byte[][] {der, pem}) {
            assertThat(new Haystack(between(der), secret).search()).isNotEmpty();
            assertThat(new Haystack(between(pem), secret).search()).isNotEmpty();
            assertThat(new Haystack(between(Base64.getEncoder().encode(der)), secret).search())
                    .isNotEmpty();
        }
    }

    @Test
    void itsNumbersAreFound() throws Exception {
        RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) pair("RSA", 2048).getPrivate();
        for (BigInteger number : new BigInteger[] {
            rsa.getPrivateExponent(),
            rsa.getPrimeP(),
            rsa.getPrimeQ(),
            rsa.getPrimeExponentP(),
            rsa.getCrtCoefficient(),
            rsa.getPrimeExponentQ()
        }) {
            byte[] bytes = number.toByteArray();
            assertThat(new Haystack(between(bytes), rsa.getEncoded()).search()).isNotEmpty();
            assertThat(new Haystack(between(Forms.words(bytes)), rsa.getEncoded()).search())
                    .isNotEmpty();
            assertThat(new Haystack(between(Forms.reversed(bytes)), rsa.getEncoded()).search())
                    .isNotEmpty();
        }
        assertThat(new Haystack(between(rsa.getModulus().toByteArray()), rsa.getEncoded()).search())
                .isEmpty();
        ECPrivateKey ec = (ECPrivateKey) pair("EC", 256).getPrivate();
        assertThat(new Haystack(between(Forms.words(ec.getS().toByteArray())), ec.getEncoded()).search())
                .isNotEmpty();
    }

    @Test
    void certificatesBesidesAKeyAreLeftOut() throws Exception {
        byte[] key = pem("PRIVATE KEY", pair("EC", 256).getPrivate().getEncoded());
        byte[] certificate = pem("CERTIFICATE", new byte[300]);
        random.nextBytes(certificate);
        certificate = pem("CERTIFICATE", certificate);

        byte[] secret = between(key, certificate);
        assertThat(new Haystack(between(certificate), secret).search()).isEmpty();
        assertThat(new Haystack(between(key), secret).search()).isNotEmpty();
    }

    @Test
    void whatOnlyLooksLikeAKeyIsLookedForAsItIs() {
        byte[] text = "-----BEGIN of a password".getBytes(US_ASCII);
        byte[] der = {0x30, 0x16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22};

        assertThat(new Haystack(between(text), text).search()).hasSize(1);
        assertThat(new Haystack(between(der), der).search()).hasSize(1);
    }
}
