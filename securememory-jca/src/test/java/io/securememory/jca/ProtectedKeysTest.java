package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.CryptoEngine.Choice;
import io.securememory.jca.spi.RotatedSecret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are made of secrets, and what becomes of them when the secrets change or end. */
class ProtectedKeysTest {

    private static final Map<String, String> SIGNATURES = Map.of(
            "RSA", "SHA256withRSA",
            "EC", "SHA256withECDSA",
            "Ed25519", "Ed25519");

    private static final int RSA_BITS = 2048;

    private final SecureMemory session = SecureMemory.create();
    private final Provider provider = new SecureMemoryProvider(session);
    private final CryptoEngine engine = CryptoEngine.choose(Choice.AUTO, null);

    @BeforeEach
    void addProvider() {
        assertThat(Security.addProvider(provider)).isPositive();
    }

    @AfterEach
    void removeProvider() {
        Security.removeProvider(provider.getName());
        session.close();
    }

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.startsWith("RSA")) {
            generator.initialize(RSA_BITS);
        }
        return generator.generateKeyPair();
    }

    private Secret secret(KeyPair pair) {
        return session.secrets().create(pair.getPrivate().getEncoded());
    }

    private static boolean isSignedBy(PrivateKey key, PublicKey expected) throws Exception {
        String algorithm = SIGNATURES.getOrDefault(key.getAlgorithm(), "Ed25519");
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(expected);
        verifier.update((byte) 1);
        return verifier.verify(signed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aKeyOfASecretSignsAndItsPublicKeyIsComputed(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        try (Secret secret = secret(pair)) {
            KeyPair made = ProtectedKeys.keyPair(secret);

            assertThat(made.getPublic()).isEqualTo(pair.getPublic());
            assertThat(isSignedBy(made.getPrivate(), pair.getPublic())).isTrue();
        }
        assertThat(session.status().liveSecrets()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aKeyShowsNothingButItsPublicSide(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        PrivateKey key = ProtectedKeys.privateKey(secret(pair));

        assertThat(key.getEncoded()).isNull();
        assertThat(key.getFormat()).isNull();
        assertThat(key.getAlgorithm()).isEqualTo(pair.getPrivate().getAlgorithm());
        assertThat(key).hasToString("PrivateKey[" + key.getAlgorithm() + "]");
        assertThat(key).isNotEqualTo(ProtectedKeys.privateKey(secret(pair)));
        assertThat(key instanceof RSAKey || key instanceof ECKey || key instanceof EdECKey)
                .isTrue();
        assertThatExceptionOfType(NotSerializableException.class)
                .isThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key));
    }

    @Test
    void theNextSignatureIsMadeWithTheNewContent() throws Exception {
        KeyPair first = pair("EC");
        KeyPair second = pair("EC");
        RotatedSecret secret = new RotatedSecret(secret(first));
        PrivateKey key = ProtectedKeys.privateKey(secret);
        assertThat(isSignedBy(key, first.getPublic())).isTrue();

        secret.rotate(secret(second));

        assertThat(isSignedBy(key, second.getPublic())).isTrue();
        assertThat(session.status().liveSecrets()).isEqualTo(2); // The text, and the numbers of the new version.
    }

    @Test
    void aSnapshotIsNotChangedByARotationAndNotClosedByIt() throws Exception {
        KeyPair first = pair("EC");
        RotatedSecret secret = new RotatedSecret(secret(first));
        PrivateKey key = ProtectedKeys.snapshot(secret, null, engine);

        secret.rotate(secret(pair("EC")));
        secret.close();

        assertThat(isSignedBy(key, first.getPublic())).isTrue();
        key.destroy();
        assertThat(session.status().liveSecrets()).isZero();
    }

    @Test
    void aKeyThatBecomesOneOfAnotherAlgorithmIsRefused() throws Exception {
        RotatedSecret secret = new RotatedSecret(secret(pair("EC")));
        PrivateKey key = ProtectedKeys.privateKey(secret);
        secret.rotate(secret(pair("RSA")));

        Signature signature = Signature.getInstance("SHA256withECDSA", provider);
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> signature.initSign(key))
                .withMessageContaining("make a new key object");
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aKeyEndsWithItsSecret(Storage storage) throws Exception {
        Secret secret = session.secrets(storage).create(pair("EC").getPrivate().getEncoded());
        PrivateKey key = ProtectedKeys.privateKey(secret);
        Signature begun = Signature.getInstance("SHA256withECDSA");
        begun.initSign(key);

        secret.close();

        assertThat(session.status().liveSecrets()).isZero();
        assertThat(key.isDestroyed()).isTrue();
        assertThatExceptionOfType(SignatureException.class)
                .isThrownBy(begun::sign)
                .withCauseInstanceOf(SecretClosedException.class);
        Signature later = Signature.getInstance("SHA256withECDSA", provider);
        later.initSign(key); // The reason is told when it signs.
        assertThatExceptionOfType(SignatureException.class)
                .isThrownBy(later::sign)
                .withCauseInstanceOf(SecretClosedException.class);
    }

    @Test
    void aDestroyedKeyLeavesItsSecretOpen() throws Exception {
        KeyPair pair = pair("EC");
        Secret secret = secret(pair);
        PrivateKey key = ProtectedKeys.privateKey(secret);

        key.destroy();
        key.destroy();

        assertThat(key.isDestroyed()).isTrue();
        assertThat(secret.isClosed()).isFalse();
        assertThat(session.status().liveSecrets()).isEqualTo(1);
        assertThat(isSignedBy(ProtectedKeys.privateKey(secret), pair.getPublic()))
                .isTrue();
    }

    @Test
    void aPurgeEndsAKey() throws Exception {
        PrivateKey key = ProtectedKeys.privateKey(secret(pair("EC")));
        Signature begun = Signature.getInstance("SHA256withECDSA");
        begun.initSign(key);

        session.purge();

        assertThatExceptionOfType(SignatureException.class)
                .isThrownBy(begun::sign)
                .withCauseInstanceOf(SecretClosedException.class);
    }

    @Test
    void whatIsNoKeyIsRefusedAndNothingStays() {
        Secret noKey = session.secrets().create("no key at all, but secret".toCharArray());

        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> ProtectedKeys.privateKey(noKey))
                .withMessageNotContaining("but secret");
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> ProtectedKeys.snapshot(noKey, null, engine));
        assertThat(session.status().liveSecrets()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"RSA/ECB/OAEPPadding", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding", "RSA/ECB/OAEPWithSHA-512AndMGF1Padding"
    })
    void whatThePublicKeyHasEncryptedIsDecrypted(String transformation) throws Exception {
        KeyPair pair = pair("RSA");
        byte[] plain = {1, 2, 3};
        Cipher encryption = Cipher.getInstance(transformation);
        encryption.init(Cipher.ENCRYPT_MODE, pair.getPublic());
        byte[] encrypted = encryption.doFinal(plain);

        Cipher decryption = Cipher.getInstance(transformation);
        decryption.init(Cipher.DECRYPT_MODE, ProtectedKeys.privateKey(secret(pair)));

        assertThat(decryption.getProvider()).isSameAs(provider);
        assertThat(decryption.doFinal(encrypted)).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({"EC, ECDH", "X25519, X25519", "X25519, XDH", "X448, X448"})
    void bothSidesAgreeOnTheSameSecret(String keys, String algorithm) throws Exception {
        KeyPair own = pair(keys);
        KeyPair other = pair(keys);
        KeyAgreement mine = KeyAgreement.getInstance(algorithm);
        mine.init(ProtectedKeys.privateKey(secret(own)));
        mine.doPhase(other.getPublic(), true);
        KeyAgreement theirs = KeyAgreement.getInstance(algorithm);
        theirs.init(other.getPrivate());
        theirs.doPhase(own.getPublic(), true);

        assertThat(mine.getProvider()).isSameAs(provider);
        assertThat(theirs.getProvider()).isNotSameAs(provider);
        assertThat(mine.generateSecret()).isEqualTo(theirs.generateSecret());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519", "Ed448", "X25519", "X448"})
    void newKeysAreMadeByEachEngine(String algorithm) throws Exception {
        for (Choice choice : new Choice[] {Choice.LIBCRYPTO, Choice.BOUNCYCASTLE}) {
            KeyPair made =
                    ProtectedKeys.generate(session.secrets(), algorithm, null, CryptoEngine.choose(choice, null));

            assertThat(made.getPublic().getEncoded()).isNotEmpty();
            assertThat(session.status().liveSecrets()).isEqualTo(1);
            if (!algorithm.startsWith("X") && !algorithm.equals("Ed448")) {
                assertThat(isSignedBy(made.getPrivate(), made.getPublic())).isTrue();
            }
            made.getPrivate().destroy();
            assertThat(session.status().liveSecrets()).isZero();
        }
    }

    @Test
    void aKeyStoreTakesNoArraysAndIsNeverWritten() throws Exception {
        KeyStore store = KeyStore.getInstance("SecureMemory");
        store.load(null, null);

        assertThatThrownBy(() -> store.setKeyEntry("a", new byte[1], null)).hasMessageContaining("ProtectedKeys");
        assertThatThrownBy(() -> store.store(new ByteArrayOutputStream(), new char[0]))
                .hasMessageContaining("cannot be written");
        assertThatThrownBy(() -> store.load(new ByteArrayInputStream(new byte[1]), null))
                .hasMessageContaining("load it with null");
        assertThat(store.size()).isZero();
    }

    /** The order of providers decides for ordinary keys, which this provider never gets. */
    @ParameterizedTest
    @ValueSource(strings = {"SHA256withRSA", "SHA256withECDSA", "Ed25519", "RSASSA-PSS"})
    void ordinaryKeysKeepTheirProvider(String algorithm) throws Exception {
        String keys = Arrays.stream(new String[] {"RSA", "ECDSA", "Ed25519", "RSASSA-PSS"})
                .filter(algorithm::endsWith)
                .findFirst()
                .orElseThrow()
                .replace("ECDSA", "EC");
        Provider before = chosen(algorithm, keys);
        Security.removeProvider(provider.getName());
        assertThat(chosen(algorithm, keys)).isSameAs(before).isNotSameAs(provider);
    }

    private static @Nullable Provider chosen(String algorithm, String keys) throws Exception {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(pair(keys).getPrivate());
        return signature.getProvider();
    }
}
