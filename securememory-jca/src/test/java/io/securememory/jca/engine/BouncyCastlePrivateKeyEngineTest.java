package io.securememory.jca.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.Secret;
import io.securememory.jca.engine.TestKeys.TestKey;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.OnceInShortForm;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Security;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

@OnEverySystem
@OnceInShortForm
class BouncyCastlePrivateKeyEngineTest extends PrivateKeyEngineContract {

    @Override
    public PrivateKeyEngine engine() {
        return new BouncyCastlePrivateKeyEngine();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/rfc6979.csv", numLinesToSkip = 1)
    void signaturesAreThoseOfRfc6979(Curve curve, String scalar, Digest digest, String message, String r, String s)
            throws GeneralSecurityException {
        byte[] numbers = TestKeys.number(new BigInteger(scalar, 16), curve.size());

        byte[] signature = sign(
                new KeyShape.Ec(curve),
                numbers,
                new SignatureScheme.Ecdsa(digest),
                digest(digest, message.getBytes(StandardCharsets.US_ASCII)));

        assertThat(HexFormat.of().formatHex(signature)).isEqualTo(der(new BigInteger(r, 16), new BigInteger(s, 16)));
    }

    private static String der(BigInteger r, BigInteger s) {
        String both = der("02", HexFormat.of().formatHex(r.toByteArray()))
                + der("02", HexFormat.of().formatHex(s.toByteArray()));
        return der("30", both);
    }

    private static String der(String tag, String content) {
        int length = content.length() / 2;
        return tag + (length < 128 ? "" : "81") + String.format("%02x", length) + content;
    }

    /** Nothing is random in it, so a weak source of random numbers gives no key away. */
    @Test
    void ecdsaSignsADigestAlwaysTheSameWay() throws GeneralSecurityException {
        TestKey key = TestKeys.ec(Curve.P_384);
        for (SignatureScheme scheme :
                List.of(new SignatureScheme.Ecdsa(null), new SignatureScheme.Ecdsa(Digest.SHA_384))) {
            assertThat(sign(key, scheme, new byte[48])).isEqualTo(sign(key, scheme, new byte[48]));
        }
    }

    @Test
    void messagesShowNoNumbersAndNoCauses() throws GeneralSecurityException {
        TestKey rsa = TestKeys.rsa(1024);
        byte[] damaged = rsa.numbers().clone();
        damaged[rsa.rsa().width() + 3] ^= 1;
        BigInteger p = ((RSAPrivateCrtKey) rsa.pair().getPrivate()).getPrimeP();

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> sign(rsa.shape(), damaged, new SignatureScheme.Pkcs1(Digest.SHA_256), new byte[32]))
                .withNoCause()
                .withMessageContaining("do not belong together")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(p.toString(), p.toString(16)));
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> publicKey(new KeyShape.Ec(Curve.P_256), new byte[32]))
                .withNoCause();
        byte[] point = TestKeys.publicBytes(TestKeys.ec(Curve.P_256));
        point[40] ^= 1;
        TestKey own = TestKeys.ec(Curve.P_256);
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> agree(own.shape(), own.numbers(), point))
                .withNoCause()
                .withMessageContaining("not on the curve P-256");
    }

    @Test
    void agreesOnlyWithASecretThatHasMemoryForTheResult() throws GeneralSecurityException {
        TestKey own = TestKeys.raw(RawKey.X25519);
        byte[] peer = TestKeys.publicBytes(own);
        try (Secret secret = own.secret(session().secrets())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> secret.<Object, GeneralSecurityException>withBytes(view ->
                            engine().agree(view.slice(0, 32), own.shape(), peer, (memory, at, length) -> length)))
                    .withMessageContaining("SecretFactory");
        }
    }

    @Test
    void noProviderIsRegistered() throws GeneralSecurityException {
        sign(TestKeys.ec(Curve.P_256), new SignatureScheme.Ecdsa(null), new byte[1]);

        assertThat(Security.getProvider("BC")).isNull();
    }
}
