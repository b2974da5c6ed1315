package io.securememory.spring.boot.autoconfigure.ssl;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Certificates;
import io.securememory.testing.PemForms;
import java.io.IOException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Private keys that are encrypted, by a passphrase that is a declared secret. */
@Tag("boot")
class PrivateKeyPasswordTest {

    private static final String BUNDLE = "securememory.ssl.bundle.web.";

    @TempDir
    Path directory;

    /** The number of iterations in the file, in DER, and the largest one that Java has a number for. */
    private static final String ITERATIONS = "\u0002\u0002\u0008\u0000";

    private static final String MORE_ITERATIONS = "\u0002\u0004\u007f\u00ff\u00ff\u00ff";

    /** Where the lengths of what is around that number are. */
    private static final int[] OUTER_LENGTHS = {2, 4, 17, 19, 32};

    private ApplicationContextRunner runner(String password) {
        return Starter.runner()
                .withConfiguration(
                        AutoConfigurations.of(SecureMemorySslAutoConfiguration.class, SslAutoConfiguration.class))
                .withPropertyValues(
                        location("tls-key", write(directory, "tls.key", PemForms.file("rsa-aes256.pem"))),
                        location("tls-password", write(directory, "password", password)),
                        BUNDLE + "private-key=tls-key",
                        BUNDLE + "private-key-password=tls-password",
                        BUNDLE + "certificate=file:" + write(directory, "tls.crt", PemForms.file("rsa.crt")));
    }

    @Test
    void anEncryptedKeyIsReadAndNothingOfItStays() {
        for (String storage : List.of("protected", "sealed")) {
            runner("secret\n")
                    .withPropertyValues("securememory.storage=" + storage)
                    .run(context -> {
                        assertThat(context.getBean(SslBundles.class)
                                        .getBundle("web")
                                        .getStores()
                                        .getKeyStore()
                                        .getKey("ssl", null)
                                        .getAlgorithm())
                                .isEqualTo("RSA");
                        assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                                .isZero();
                    });
        }
    }

    @Test
    void anotherPassphraseUpdatesTheBundle() {
        runner("secret").run(context -> {
            List<SslBundle> updates = new ArrayList<>();
            context.getBean(SslBundles.class).addBundleUpdateHandler("web", updates::add);
            SecretStore store = context.getBean(SecretStore.class);
            write(directory, "password", "secret of another key");
            store.reload("tls-password");
            write(directory, "tls.key", PemForms.file("prime256v1-encrypted.pem"));
            write(directory, "tls.crt", PemForms.file("prime256v1.crt"));
            store.reload("tls-key");
            assertThat(updates).isEmpty();
            write(directory, "password", "secret");
            store.reload("tls-password");
            assertThat(updates).hasSize(1);
            assertThat(updates.get(0)
                            .getStores()
                            .getKeyStore()
                            .getKey("ssl", null)
                            .getAlgorithm())
                    .isEqualTo("EC");
        });
    }

    @Test
    void whatIsMissingIsNamed() {
        failsWith(runner("wrong"), "The secret 'tls-key'", "it is encrypted by another passphrase, or damaged");
        failsWith(
                runner("secret").withPropertyValues(BUNDLE + "private-key-password="),
                "it is encrypted, and no passphrase is declared for it",
                "set " + BUNDLE + "private-key-password to its name");
        failsWith(
                runner("secret").withPropertyValues(BUNDLE + "private-key-password=" + Starter.MARKER),
                "The property " + BUNDLE + "private-key-password does not name a declared secret",
                "Loaded secrets: [tls-key, tls-password]");
    }

    /** It would take an hour. */
    @Test
    void tooManyIterationsAreRefused() {
        String pem = PemForms.file("ED25519-encrypted.pem");
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-.*-", ""));
        String bytes = new String(der, ISO_8859_1);
        assertThat(bytes).contains(ITERATIONS);
        byte[] more = bytes.replace(ITERATIONS, MORE_ITERATIONS).getBytes(ISO_8859_1);
        for (int outer : OUTER_LENGTHS) {
            more[outer] += 2;
        }
        Path key = write(directory, "other.key", Certificates.pem("ENCRYPTED PRIVATE KEY", more));
        failsWith(runner("secret").withPropertyValues(location("tls-key", key)), "2147483647 iterations");
    }

    /** As the JDK writes them, and OpenSSL if it is told to. */
    @ParameterizedTest
    @ValueSource(ints = {64, 65, 128, 1024})
    void longSaltsAreRead(int length) throws GeneralSecurityException, IOException {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        byte[] der = Base64.getMimeDecoder().decode(PemForms.file("rsa.pem").replaceAll("-.*-", ""));
        SecretKey secret =
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec("secret".toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.ENCRYPT_MODE, secret, new PBEParameterSpec(new byte[length], 1_000));
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        byte[] encrypted = new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(der)).getEncoded();
        Path key = write(directory, "other.key", Certificates.pem("ENCRYPTED PRIVATE KEY", encrypted));

        runner("secret")
                .withPropertyValues(location("tls-key", key))
                .run(context -> assertThat(context).hasNotFailed());
    }

    /** Nor may the JDK's own ciphers be kept busy for ever. */
    @Test
    void tooManyIterationsOfPbes1AreRefused() {
        String pem = PemForms.file("rsa-pbe-des3.pem");
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-.*-", ""));
        String bytes = new String(der, ISO_8859_1);
        assertThat(bytes.indexOf(ITERATIONS)).isEqualTo(30);
        byte[] more = bytes.replace(ITERATIONS, MORE_ITERATIONS).getBytes(ISO_8859_1);
        for (int outer : new int[] {3, 5, 19}) {
            more[outer] += 2;
        }
        Path key = write(directory, "other.key", Certificates.pem("ENCRYPTED PRIVATE KEY", more));
        failsWith(runner("secret").withPropertyValues(location("tls-key", key)), "2147483647 iterations");
    }

    /** What one text may ask for is not more because it asks several times. */
    @Test
    void allKeysOfATextTogetherHaveAsManyIterationsAsOneMayHave() throws GeneralSecurityException, IOException {
        byte[] encrypted = byMd5AndDes(5_100_000);
        byte[] damaged = encrypted.clone();
        damaged[damaged.length - 1] ^= 1;
        String both = Certificates.pem("ENCRYPTED PRIVATE KEY", damaged)
                + Certificates.pem("ENCRYPTED PRIVATE KEY", encrypted);
        ApplicationContextRunner two =
                runner("secret").withPropertyValues(location("tls-key", write(directory, "two.key", both)));
        failsWith(two, "5100000 iterations after 5100000 of other keys in the same text, and 10000000 are most");

        write(directory, "two.key", both + PemForms.file("rsa.pem"));
        two.run(context -> assertThat(context).hasNotFailed());
    }

    /** Iterations of MD5 take a tenth of a microsecond. */
    private static byte[] byMd5AndDes(int iterations) throws GeneralSecurityException, IOException {
        String algorithm = "PBEWithMD5AndDES";
        byte[] der = Base64.getMimeDecoder().decode(PemForms.file("rsa.pem").replaceAll("-.*-", ""));
        SecretKey secret =
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec("secret".toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.ENCRYPT_MODE, secret, new PBEParameterSpec(new byte[8], iterations));
        return new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(der)).getEncoded();
    }

    private static void failsWith(ApplicationContextRunner runner, String... words) {
        runner.run(context -> {
            Throwable failure = context.getStartupFailure();
            while (failure != null && !(failure instanceof DeclaredSecretException)) {
                failure = failure.getCause();
            }
            assertThat(failure).isInstanceOf(DeclaredSecretException.class);
            String said = failure.getMessage() + ((DeclaredSecretException) failure).remedy();
            assertThat(said).contains(words).doesNotContain(Starter.MARKER);
        });
    }
}
