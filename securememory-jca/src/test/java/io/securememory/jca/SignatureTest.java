package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securememory.SecureMemory;
import io.securememory.Storage;
import java.nio.charset.StandardCharsets;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures with keys in protected memory are verified by the JDK. */
class SignatureTest {

    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

    private final SecureMemory session = SecureMemory.create();
    private final Provider provider = new SecureMemoryProvider(session);

    @BeforeEach
    void addProvider() {
        assertThat(Security.addProvider(provider)).isPositive();
    }

    @AfterEach
    void removeProvider() {
        Security.removeProvider(provider.getName());
        session.close();
    }

    private static @Nullable AlgorithmParameterSpec parameters(String key) {
        return switch (key) {
            case "RSA" -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
            case "Ed25519", "Ed448" -> new NamedParameterSpec(key);
            default -> new ECGenParameterSpec(key);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, RSA, SHA256withRSA",
        "RSA, RSA, SHA384withRSA",
        "RSA, RSA, SHA512withRSA",
        "RSA, RSA, RSASSA-PSS",
        "EC, secp256r1, SHA256withECDSA",
        "EC, secp256r1, SHA512withECDSA",
        "EC, secp256r1, SHA256withECDSAinP1363Format",
        "EC, secp256r1, NONEwithECDSA",
        "EC, secp384r1, SHA384withECDSA",
        "EC, secp521r1, SHA512withECDSA",
        "EC, secp521r1, SHA512withECDSAinP1363Format",
        "EdDSA, Ed25519, Ed25519",
        "EdDSA, Ed25519, EdDSA",
        "EdDSA, Ed448, Ed448"
    })
    void theJdkVerifies(String algorithm, String key, String signatures) throws Exception {
        CryptoEngine engine = CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
        for (Storage storage : Storage.values()) {
            KeyPair pair = ProtectedKeys.generate(session.secrets(storage), algorithm, parameters(key), engine);

            Signature signer = Signature.getInstance(signatures);
            Signature verifier = Signature.getInstance(signatures);
            signer.initSign(pair.getPrivate());
            assertThat(signer.getProvider()).isSameAs(provider);
            if (signatures.equals("RSASSA-PSS")) {
                PSSParameterSpec pss = new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
                signer.setParameter(pss);
                verifier.setParameter(pss);
            }
            verifier.initVerify(pair.getPublic());
            for (int i = 0; i < 3; i++) {
                signer.update(MESSAGE);
                verifier.update(MESSAGE);
                assertThat(verifier.verify(signer.sign())).isTrue();
            }
        }
    }

    @Test
    void theParametersAreNotChangedInsideAMessageWhichWouldDiscardItsBegin() throws Exception {
        KeyPair pair = ProtectedKeys.generate(
                session.secrets(), "RSA", parameters("RSA"), CryptoEngine.choose(CryptoEngine.Choice.AUTO, null));
        PSSParameterSpec pss = new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
        Signature signer = Signature.getInstance("RSASSA-PSS");
        signer.initSign(pair.getPrivate());
        signer.setParameter(pss);
        signer.update(MESSAGE);

        assertThatThrownBy(() -> signer.setParameter(pss))
                .isInstanceOf(InvalidAlgorithmParameterException.class)
                .hasMessage("The parameters cannot be changed inside a message.");

        signer.update(MESSAGE);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(pss);
        verifier.initVerify(pair.getPublic());
        verifier.update(MESSAGE);
        verifier.update(MESSAGE);
        assertThat(verifier.verify(signature)).isTrue();
        signer.setParameter(pss); // Between two messages it can be.
    }
}
