package io.securememory.jca.encoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.internal.SourceSecret;
import io.securememory.testing.PemForms;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.SecretKeyFactorySpi;
import javax.crypto.spec.PBEKeySpec;
import javax.security.auth.DestroyFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the JDK's own ciphers get of a passphrase is destroyed after use, whatever becomes of the key. */
class PassphraseCopiesTest {

    private static final String ALGORITHM = "PBEWithMD5AndDES";

    /** The object identifier of RSA. */
    private static final String RSA = "2a864886f70d010101";

    private final List<PBEKeySpec> specs = new ArrayList<>();
    private final List<RecordedKey> keys = new ArrayList<>();
    private final Recorder recorder = new Recorder();
    private boolean refusesToBeDestroyed;

    @BeforeEach
    void recordFirst() {
        Security.insertProviderAt(recorder, 1);
    }

    @AfterEach
    void recordNoMore() {
        Security.removeProvider(recorder.getName());
    }

    @Test
    void nothingIsLeftOfAPassphraseThatFits() {
        assertThat(read("secret")).isEqualTo(RSA);
        isDestroyed();
    }

    @Test
    void nothingIsLeftOfAPassphraseThatDoesNotFit() {
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> read("secrets"))
                .withMessageContaining("another passphrase");
        isDestroyed();
    }

    @Test
    void aProvidersKeyThatCannotBeDestroyedKeepsNothingElseFromIt() {
        refusesToBeDestroyed = true;
        assertThat(read("secret")).isEqualTo(RSA);
        isDestroyed();
    }

    private void isDestroyed() {
        assertThat(keys).hasSize(1).allMatch(key -> key.asked == 1);
        assertThat(specs).hasSize(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> specs.get(0).getPassword())
                .withMessageContaining("cleared");
    }

    private static String read(String passphrase) {
        try (SecureMemory session = SecureMemory.create();
                Secret secret = session.secrets().create(passphrase.toCharArray());
                Secret text = session.secrets()
                        .create(PemForms.file("rsa-pbe-md5-des.pem").getBytes(ISO_8859_1))) {
            return PrivateKeyText.readPkcs8((SourceSecret) text, secret, Pkcs8::algorithm);
        }
    }

    /** Makes keys as the JDK does, and keeps them. */
    private final class Recorder extends Provider {

        private static final long serialVersionUID = 1L;

        Recorder() {
            super("recorder", "1", "keeps what it gets");
            putService(new Service(this, "SecretKeyFactory", ALGORITHM, Recorder.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new RecordingFactory();
                }
            });
        }
    }

    private final class RecordingFactory extends SecretKeyFactorySpi {

        @Override
        protected SecretKey engineGenerateSecret(KeySpec spec) throws InvalidKeySpecException {
            try {
                SecretKey key =
                        SecretKeyFactory.getInstance(ALGORITHM, "SunJCE").generateSecret(spec);
                specs.add((PBEKeySpec) spec);
                keys.add(new RecordedKey(key));
                return keys.get(keys.size() - 1);
            } catch (InvalidKeySpecException e) {
                throw e;
            } catch (GeneralSecurityException e) {
                throw new InvalidKeySpecException(e);
            }
        }

        @Override
        protected KeySpec engineGetKeySpec(SecretKey key, Class<?> type) throws InvalidKeySpecException {
            throw new InvalidKeySpecException();
        }

        @Override
        protected SecretKey engineTranslateKey(SecretKey key) throws InvalidKeyException {
            throw new InvalidKeyException();
        }
    }

    private final class RecordedKey implements SecretKey {

        private static final long serialVersionUID = 1L;

        private final transient SecretKey key;
        private transient int asked;

        RecordedKey(SecretKey key) {
            this.key = key;
        }

        @Override
        public String getAlgorithm() {
            return key.getAlgorithm();
        }

        @Override
        public String getFormat() {
            return key.getFormat();
        }

        @Override
        public byte[] getEncoded() {
            return key.getEncoded();
        }

        @Override
        public void destroy() throws DestroyFailedException {
            asked++;
            if (refusesToBeDestroyed) {
                throw new DestroyFailedException();
            }
            key.destroy();
        }
    }
}
