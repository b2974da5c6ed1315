package io.securememory.jca.encoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.internal.SourceSecret;
import io.securememory.jca.engine.Curve;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.PemForms;
import io.securememory.testing.PemForms.Form;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that OpenSSL wrote, in all forms that a file can have, and what the JDK makes of the same keys. */
@OnceInShortForm
class KeyFormsTest {

    private static final Map<String, String> ALGORITHMS = Map.of(
            "2a864886f70d010101", "RSA",
            "2a864886f70d01010a", "RSASSA-PSS",
            "2a8648ce3d0201", "EC",
            "2a8648ce380401", "DSA",
            "2b656e", "XDH",
            "2b656f", "XDH",
            "2b6570", "EdDSA",
            "2b6571", "EdDSA");

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void nothingIsLeft() {
        try (session) {
            assertThat(session.status().liveSecrets()).isZero();
            assertThat(session.status().liveBuffers()).isZero();
        }
    }

    static List<Form> forms() {
        return PemForms.all();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aKeyIsReadInEachFormThatIsAccepted(Form form) throws GeneralSecurityException {
        String result = result(form.key(), form.passphrase(), Storage.PROTECTED);

        if (form.key().equals(PemForms.file("rsa.pem")) || form.expected().equals(PemForms.OK)) {
            assertThat(result).isEqualTo(PemForms.OK);
        } else if (!form.expected().equals(PemForms.AS_BOOT)) {
            assertThat(result).contains(form.expected());
        }
    }

    /** Each access opens windows inside of windows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa.pem",
                "rsa-pkcs1.der",
                "rsa-aes256.pem",
                "rsa-pbe-des3.pem",
                "rsa-traditional-aes256.pem",
                "prime256v1-sec1.pem",
                "prime256v1-traditional.pem",
                "ED25519-encrypted.pem"
            })
    void aKeyOfASealedTextIsReadAndSealed(String file) throws GeneralSecurityException {
        assertThat(result(PemForms.file(file), "secret", Storage.SEALED)).isEqualTo(PemForms.OK);
    }

    /** Every way that OpenSSL writes one key leads to what its shortest way leads to, which the JDK reads by itself. */
    @ParameterizedTest
    @MethodSource("formsOfOneKey")
    void eachFormOfAKeyHasTheSameNumbers(String file) throws GeneralSecurityException {
        String passphrase = file.contains("utf8") ? "gehëim €" : "secret";
        read(PemForms.file(file), passphrase, Storage.PROTECTED, (text, word) -> {
            Numbers.areThoseOf(jdk("RSA", decoded(PemForms.file("rsa.pem"))), PrivateKeyText.read(text, word));
            return PemForms.OK;
        });
    }

    static List<String> formsOfOneKey() {
        return PemForms.all().stream()
                .map(Form::name)
                .filter(name -> name.matches("rsa[-\\w]*\\.(pem|der)"))
                .filter(name -> !name.matches("rsa(1024|-primes|-crt|-scrypt|-traditional-camellia).*"))
                .toList();
    }

    private interface Reading<T> {
        T of(SourceSecret text, @Nullable Secret passphrase) throws GeneralSecurityException;
    }

    private <T> T read(String text, @Nullable String passphrase, Storage storage, Reading<T> reading)
            throws GeneralSecurityException {
        try (Secret source = session.secrets(storage).create(text.getBytes(ISO_8859_1));
                Secret word = session.secrets().create((passphrase == null ? "unused" : passphrase).getBytes(UTF_8))) {
            return reading.of((SourceSecret) source, passphrase == null ? null : word);
        }
    }

    /** Reads a key twice: for the JDK, and as numbers. */
    private String result(String text, @Nullable String passphrase, Storage storage) throws GeneralSecurityException {
        return read(text, passphrase, storage, (source, word) -> {
            PrivateKey key;
            try {
                key = PrivateKeyText.readPkcs8(source, word, KeyFormsTest::jdk);
            } catch (MalformedSecretException e) {
                assertThat(refusal(source, word)).isNotEmpty();
                return e.problem();
            }
            if (isSupported(key)) {
                long before = session.status().liveSecrets();
                ParsedKey parsed = PrivateKeyText.read(source, word);
                assertThat(session.status().liveSecrets()).isEqualTo(before + 1);
                assertThat(parsed.numbers().storage()).isEqualTo(storage);
                Numbers.areThoseOf(key, parsed);
            } else {
                assertThat(refusal(source, word)).containsPattern("algorithm other than|elliptic curve other than");
            }
            return PemForms.OK;
        });
    }

    private static String refusal(SourceSecret text, @Nullable Secret passphrase) {
        try {
            PrivateKeyText.read(text, passphrase);
            return "";
        } catch (MalformedSecretException e) {
            return e.problem();
        }
    }

    private static boolean isSupported(PrivateKey key) {
        return key instanceof ECPrivateKey ec
                ? Curve.of(ec.getParams()).isPresent()
                : key instanceof RSAPrivateCrtKey || !key.getAlgorithm().equals("DSA");
    }

    private static PrivateKey jdk(Pkcs8 pkcs8) {
        byte[] bytes = new byte[pkcs8.bytes().length()];
        pkcs8.bytes().copyTo(0, bytes, 0, bytes.length);
        try {
            return jdk(ALGORITHMS.getOrDefault(pkcs8.algorithm(), "none"), bytes);
        } catch (GeneralSecurityException e) {
            throw new MalformedSecretException(pkcs8.position(), "the JDK refuses it");
        }
    }

    private static PrivateKey jdk(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] decoded(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-.*-", ""));
    }
}
