package io.securememory.spring.boot.autoconfigure.ssl;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.internal.SourceSecret;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Certificates;
import io.securememory.testing.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** SSL bundles whose keys are declared secrets, up to the handshake. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
class SslBundlesTest {

    private static final String BUNDLE = "securememory.ssl.bundle.web.";

    @TempDir
    Path directory;

    private ApplicationContextRunner runner(Path key, Path certificate) {
        return Starter.runner()
                .withConfiguration(
                        AutoConfigurations.of(SecureMemorySslAutoConfiguration.class, SslAutoConfiguration.class))
                .withPropertyValues(
                        location("tls-key", key),
                        BUNDLE + "private-key=tls-key",
                        BUNDLE + "certificate=file:" + certificate,
                        BUNDLE + "trust-certificate=file:" + certificate);
    }

    private ApplicationContextRunner runner(String key, String certificate) {
        return runner(write(directory, "tls.key", key), write(directory, "tls.crt", certificate));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aServerWithTheBundleAnswersAClientThatTrustsIt(String algorithm) {
        Certificates made = Certificates.of(algorithm);
        runner(made.keyPem(), made.certificatePem()).run(context -> {
            SslBundle bundle = context.getBean(SslBundles.class).getBundle("web");
            SSLContext ssl = bundle.createSslContext();
            HttpResponse<String> response = get(ssl);
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.sslSession().orElseThrow().getPeerCertificates())
                    .containsExactly(made.certificate());
            assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                    .isZero();
        });
    }

    private static HttpResponse<String> get(SSLContext ssl) throws IOException {
        // The name in the certificate, whichever address that is here.
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ssl));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes(UTF_8));
            exchange.close();
        });
        server.start();
        try {
            HttpClient client = HttpClient.newBuilder().sslContext(ssl).build();
            URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
            return Http.send(client, HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theKeyMayBeDerOrBase64OfItOrBehindOtherText() throws Exception {
        Certificates made = Certificates.of("EC");
        Path certificate = write(directory, "tls.crt", made.certificatePem());
        Path der = Files.write(directory.resolve("key.der"), made.keyDer());
        hasKey(made, runner(der, certificate).withPropertyValues("securememory.secrets.tls-key.trim=false"));
        String base64 = Base64.getMimeEncoder().encodeToString(made.keyDer());
        hasKey(
                made,
                runner(write(directory, "key.b64", base64), certificate)
                        .withPropertyValues("securememory.secrets.tls-key.encoding=base64"));
        String other = "Bag Attributes\n" + Certificates.pem("EC PARAMETERS", new byte[3]);
        hasKey(made, runner(write(directory, "key.pem", other + made.keyPem()), certificate));
        hasKey(made, runner(write(directory, "crlf.pem", made.keyPem().replace("\n", "\r\n")), certificate));
        hasKey(
                made,
                runner(write(directory, "sealed.pem", made.keyPem()), certificate)
                        .withPropertyValues("securememory.storage=sealed"));
    }

    private static void hasKey(Certificates made, ApplicationContextRunner runner) {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            KeyStore keys = context.getBean(SslBundles.class)
                    .getBundle("web")
                    .getStores()
                    .getKeyStore();
            PrivateKey key = (PrivateKey) keys.getKey("ssl", null);
            assertThat(key.getEncoded()).isNull();
            assertThat(KeyPairing.of(key, made.certificate())).isEqualTo(KeyPairing.PAIR);
        });
    }

    @Test
    void withoutTrustedCertificatesThoseOfTheVirtualMachineAreTrusted() {
        Certificates made = Certificates.of("EC");
        runner(made.keyPem(), made.certificatePem())
                .withPropertyValues(BUNDLE + "trust-certificate=")
                .run(context -> assertThat(context.getBean(SslBundles.class)
                                .getBundle("web")
                                .getStores()
                                .getTrustStore())
                        .isNull());
    }

    @Test
    void aRotatedKeyIsInTheBundleWithItsCertificate(CapturedOutput output) throws Exception {
        Certificates old = Certificates.of("EC");
        Certificates next = Certificates.of("RSA");
        runner(old.keyPem(), old.certificatePem()).run(context -> {
            SslBundles bundles = context.getBean(SslBundles.class);
            List<SslBundle> updates = new ArrayList<>();
            bundles.addBundleUpdateHandler("web", updates::add);

            replace("tls.key", next.keyPem());
            context.getBean(SecretStore.class).reload("tls-key");
            assertThat(updates).isEmpty();
            assertThat(certificate(bundles)).isEqualTo(old.certificate());

            replace("tls.crt", next.certificatePem());
            replace("tls.key", next.keyPem().replace("\n", "\r\n"));
            context.getBean(SecretStore.class).reload("tls-key");
            assertThat(updates).containsExactly(bundles.getBundle("web"));
            assertThat(certificate(bundles)).isEqualTo(next.certificate());
            assertThat(get(bundles.getBundle("web").createSslContext()).body()).isEqualTo("hello");
        });
        assertThat(output).containsOnlyOnce("The SSL bundle 'web' keeps its old key and certificate");
    }

    private void replace(String file, String text) throws IOException {
        Files.move(write(directory, "next", text), directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Certificate certificate(SslBundles bundles) throws Exception {
        return bundles.getBundle("web").getStores().getKeyStore().getCertificate("ssl");
    }

    @ParameterizedTest
    @CsvSource({
        "'no key at all',                                     'no private key in PKCS#8, PKCS#1 or SEC 1 (byte offset 0'",
        "'-----BEGIN RSA PRIVATE KEY-----\nMAA=\n',           'no line -----END RSA PRIVATE KEY----- (byte offset 36'",
        "'-----BEGIN OPENSSH PRIVATE KEY-----\nMAA=\n',       'no private key but ''OPENSSH PRIVATE KEY'' (byte offset 0'",
        "'x\n-----BEGIN CERTIFICATE-----\nMAA=\n',            'no private key but ''CERTIFICATE'' (byte offset 2'",
        "'-----BEGIN SOMETHING-----\n',                       'not of a private key in PKCS#8'",
        "'-----BEGIN PRIVATE KEY-----\nMAA=\n',               'no line -----END PRIVATE KEY-----'",
        "'-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', 'nothing between'",
        "'-----BEGIN PRIVATE KEY-----\nMA$A\n-----END PRIVATE KEY-----', 'alphabet of Base64 (byte offset 30'",
        "'-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----', 'no private key in PKCS#8, PKCS#1 or SEC 1 (byte offset 2'",
        "'-----BEGIN PRIVATE KEY-----\nMAEC\n-----END PRIVATE KEY-----', 'no private key in PKCS#8'",
        "'-----BEGIN PRIVATE KEY-----\nMAUC\n-----END PRIVATE KEY-----', 'length that its first bytes say'"
    })
    void whatIsNoKeyIsRefusedWithItsPlace(String key, String problem) {
        Certificates made = Certificates.of("EC");
        refused(runner(key, made.certificatePem()), "The secret 'tls-key' (" + BUNDLE + "private-key)", problem);
    }

    /** The private number of an EC key lies in 32 bytes behind this. */
    private static final byte[] BEFORE_NUMBER = {0x02, 0x01, 0x01, 0x04, 0x20};

    @Test
    void aDamagedKeyIsRefusedOrFoundNotToFit() {
        Certificates made = Certificates.of("EC");
        byte[] der = made.keyDer();
        int number = new String(der, ISO_8859_1).indexOf(new String(BEFORE_NUMBER, ISO_8859_1)) + BEFORE_NUMBER.length;
        assertThat(number).isGreaterThan(BEFORE_NUMBER.length);
        try (SecureMemory session = SecureMemory.create()) {
            for (int i = 1; i < number + 32; i++) {
                byte[] changed = der.clone();
                changed[i] ^= 0x41;
                assertThat(fits(session, changed, made)).as("changed at %d", i).isFalse();
                assertThat(fits(session, Arrays.copyOf(der, i), made))
                        .as("cut off at %d", i)
                        .isFalse();
            }
            assertThat(fits(session, der, made)).isTrue();
        }
    }

    /** SEQUENCE, version 0, and an algorithm whose identifier would be most of the file. */
    @Test
    void anIdentifierThatIsTooLongForAnyAlgorithmIsNotRead() {
        byte[] der = new byte[111];
        byte[] start = {0x30, 109, 2, 1, 0, 0x30, 104, 6, 102};
        System.arraycopy(start, 0, der, 0, start.length);
        try (SecureMemory session = SecureMemory.create();
                Secret secret = session.secrets().create(der)) {
            assertThatExceptionOfType(MalformedSecretException.class)
                    .isThrownBy(() -> KeyMaker.read((SourceSecret) secret, null))
                    .withMessageContaining("algorithm other than");
        }
    }

    private static boolean fits(SecureMemory session, byte[] der, Certificates made) {
        try (Secret secret = session.secrets().create(der)) {
            return KeyPairing.of(KeyMaker.read((SourceSecret) secret, null), made.certificate()) == KeyPairing.PAIR;
        } catch (MalformedSecretException e) {
            return false;
        }
    }

    @Test
    void aKeyInPlaceOfItsSecretsNameIsNotShown() {
        refused(
                runner("x", "x").withPropertyValues(BUNDLE + "private-key=" + Starter.MARKER),
                "The property " + BUNDLE + "private-key does not name a declared secret");
    }

    @Test
    void aCertificateOfAnotherKeyIsRefused() {
        String key = Certificates.of("EC").keyPem();
        refused(runner(key, Certificates.another("EC").certificatePem()), "is not that of the first certificate");
        refused(runner(key, Certificates.of("RSA").certificatePem()), "is not that of the first certificate");
    }

    @Test
    void whatIsNoCertificateIsRefused() {
        String key = Certificates.of("EC").keyPem();
        refused(runner(key, key), "holds something else than certificates", BUNDLE + "certificate");
        refused(runner(key, ""), "it holds no certificate");
        refused(
                runner(key, "x").withPropertyValues(BUNDLE + "certificate=file:" + directory.resolve("none")),
                "it does not exist");
        refused(
                runner(key, "x").withPropertyValues(BUNDLE + "certificate=" + Starter.MARKER),
                "The property " + BUNDLE + "certificate does not begin with file:");
    }

    private static void refused(ApplicationContextRunner runner, String... messages) {
        runner.run(context -> {
            assertThat(context).hasFailed();
            Throwable failure = context.getStartupFailure();
            while (failure != null && !(failure instanceof DeclaredSecretException)) {
                failure = failure.getCause();
            }
            assertThat(failure).isNotNull();
            assertThat(failure.getMessage()).contains(messages).doesNotContain(Starter.MARKER);
        });
    }
}
