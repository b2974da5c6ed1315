package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.testing.Await;
import io.securememory.testing.Certificates;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Secrets from a server with TLS. */
@Tag("boot")
class HttpsSecretTest {

    @TempDir
    Path directory;

    @Test
    void tlsTrustsTheBundle() {
        Certificates certificates = Certificates.of("EC");
        try (Vault vault = Vault.secure(certificates).with(MARKER)) {
            secure(vault, certificates)
                    .run(context -> assertThat(text(context.getBean("key", Secret.class)))
                            .isEqualTo(MARKER));
        }
    }

    @Test
    void aLongAnswerComesOverTls() {
        Certificates certificates = Certificates.of("EC");
        String text = "0123456789".repeat(50_000);
        try (Vault vault = Vault.secure(certificates).with(text)) {
            secure(vault, certificates)
                    .run(context -> assertThat(text(context.getBean("key", Secret.class)))
                            .isEqualTo(text));
        }
    }

    private ApplicationContextRunner secure(Vault vault, @Nullable Certificates trusted) {
        ApplicationContextRunner runner = Asking.of(directory, vault.url());
        return trusted == null
                ? runner
                : runner.withPropertyValues(
                        Asking.KEY + "http.bundle=vaultCa",
                        "spring.ssl.bundle.pem.vaultCa.truststore.certificate=file:"
                                + write(directory, "trusted", trusted.certificatePem()));
    }

    @Test
    void tlsRefusesWhatItDoesNotTrust() {
        try (Vault vault = Vault.secure(Certificates.of("EC")).with(MARKER)) {
            for (Certificates trusted : new Certificates[] {null, Certificates.another("EC")}) {
                secure(vault, trusted)
                        .run(
                                context -> assertThat(context.getStartupFailure())
                                        .rootCause()
                                        .satisfies(
                                                e -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                                                        .contains("TLS failed (SSLHandshakeException)")
                                                        .contains(
                                                                "the certificate of the server is not trusted, or not that of localhost")));
            }
            assertThat(vault.asked).isEmpty();
        }
    }

    @Test
    void tlsRefusesACertificateOfAnotherName() {
        Certificates certificates = Certificates.of("EC");
        try (Vault vault = Vault.secure(certificates).with(MARKER)) {
            secure(vault, certificates)
                    .withPropertyValues(
                            Asking.KEY + "http.url=https://127.0.0.1:" + vault.port() + "/v1/secret/data/app")
                    .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .contains("TLS failed (SSLHandshakeException)"));
        }
    }

    @Test
    void aTrustStoreOfTheJdkIsABundle() throws Exception {
        Certificates certificates = Certificates.of("EC");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("vault", certificates.certificate());
        Path file = directory.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, "password".toCharArray());
        }
        try (Vault vault = Vault.secure(certificates).with(MARKER)) {
            Asking.of(directory, vault.url())
                    .withPropertyValues(
                            Asking.KEY + "http.bundle=vault",
                            "spring.ssl.bundle.jks.vault.truststore.location=file:" + file,
                            "spring.ssl.bundle.jks.vault.truststore.password=password",
                            "spring.ssl.bundle.jks.vault.truststore.type=PKCS12")
                    .run(context -> assertThat(text(context.getBean("key", Secret.class)))
                            .isEqualTo(MARKER));
        }
    }

    @Test
    void aBundleThatIsMissingIsNamed() {
        try (Vault vault = Vault.secure(Certificates.of("EC")).with(MARKER)) {
            Asking.of(directory, vault.url())
                    .withPropertyValues(Asking.KEY + "http.bundle=absent")
                    .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .contains("there is no SSL bundle 'absent'."));
        }
    }

    @Test
    void theOptionsOfTheBundleHold() {
        Certificates certificates = Certificates.of("EC");
        try (Vault vault = Vault.secure(certificates).with(MARKER)) {
            secure(vault, certificates)
                    .withPropertyValues("spring.ssl.bundle.pem.vaultCa.options.enabled-protocols=TLSv1.2")
                    .run(context -> assertThat(text(context.getBean("key", Secret.class)))
                            .isEqualTo(MARKER));
            secure(vault, certificates)
                    .withPropertyValues("spring.ssl.bundle.pem.vaultCa.options.enabled-protocols=TLSv9")
                    .run(
                            context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                                    .contains(
                                            "the options of the SSL bundle 'vaultCa' name ciphers or protocols that this JVM has not"));
            secure(vault, certificates)
                    .withPropertyValues("spring.ssl.bundle.pem.vaultCa.options.ciphers=TLS_RSA_WITH_AES_128_CBC_SHA256")
                    .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .contains("TLS failed (SSL"));
        }
    }

    /** A record that is longer than any may be, before anybody is authenticated. */
    @Test
    void aRecordThatIsTooLongEndsTheConnectionAtOnce() throws Exception {
        byte[] answer = new byte[5 + 0x5000];
        System.arraycopy(new byte[] {0x16, 3, 3, 0x50, 0}, 0, answer, 0, 5);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Workers workers = new Workers()) {
            workers.run(() -> answer(server, answer));
            Asking.of(directory, "https://localhost:" + server.getLocalPort() + "/")
                    .withPropertyValues(
                            Asking.KEY + "http.retries=0", Asking.KEY + "timeout=" + Await.LIMIT.toSeconds() + "s")
                    .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .contains("TLS failed (SSL"));
        }
    }

    private static void answer(ServerSocket server, byte[] answer) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write(answer);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            Thread.onSpinWait(); // The client has ended the connection, as it should.
        }
    }
}
