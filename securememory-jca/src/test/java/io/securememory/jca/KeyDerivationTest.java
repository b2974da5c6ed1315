package io.securememory.jca;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyDerivationTest {

    private static final byte[] NOTHING = new byte[0];

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void closeSession() {
        session.close();
    }

    /** RFC 5869, test case 3. */
    @Test
    void aDerivedSecretIsIndependentOfItsSource() {
        Secret derived;
        try (Secret source = session.secrets().create(HexFormat.of().parseHex("0b".repeat(22)))) {
            derived = KeyDerivation.hkdf("SHA-256", source, NOTHING, NOTHING, 42, session.secrets(Storage.SEALED));
        }
        assertThat(derived.storage()).isEqualTo(Storage.SEALED);
        assertThat(derived.contentEquals(HexFormat.of()
                        .parseHex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                                + "9d201395faa4b61a96c8")))
                .isTrue();
    }

    /** RFC 7914 section 11. */
    @Test
    void derivesFromAPassword() {
        Secret password = session.secrets().create("passwd".toCharArray());
        Secret derived = KeyDerivation.pbkdf2("SHA-256", password, "salt".getBytes(US_ASCII), 1, 64, session.secrets());
        assertThat(derived.contentEquals(HexFormat.of()
                        .parseHex("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                                + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783")))
                .isTrue();
    }

    @Test
    void wrongArgumentsAreRefused() {
        Secret secret = session.secrets().createRandom(32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDerivation.hkdf("SHA-1", secret, NOTHING, NOTHING, 32, session.secrets()))
                .withMessageContaining("SHA-256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDerivation.hkdf("SHA-256", secret, NOTHING, NOTHING, 0, session.secrets()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDerivation.pbkdf2("SHA-256", secret, NOTHING, 1000, 32, session.secrets()))
                .withMessageContaining("salt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDerivation.pbkdf2("SHA-256", secret, new byte[16], 0, 32, session.secrets()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDerivation.pbkdf2("SHA-256", secret, new byte[16], 1, 1025, session.secrets()));
    }

    @Test
    void aClosedSourceIsReportedAndLeavesNoSecret() {
        Secret secret = session.secrets().createRandom(32);
        secret.close();
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> KeyDerivation.hkdf("SHA-256", secret, NOTHING, NOTHING, 32, session.secrets()));
        assertThat(session.status().liveSecrets()).isZero();
    }

    @Test
    void theEngineOfTheMachineIsUsedUnlessAnotherOneIsNamed() {
        Secret key = session.secrets().createRandom(32);
        byte[] message = new AesGcm(key).encrypt(NOTHING, NOTHING);
        CryptoEngine other = CryptoEngine.choose(CryptoEngine.Choice.BOUNCYCASTLE, null);
        assertThat(new AesGcm(key, other).decrypt(message, NOTHING)).isEmpty();
    }
}
