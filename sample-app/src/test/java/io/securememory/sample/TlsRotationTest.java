package io.securememory.sample;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A server that demands certificates of its clients, while its key, its certificate and those that it trusts are replaced. */
@OnceInShortForm
class TlsRotationTest {

    private static final List<List<String>> ORDERS = List.of(
            List.of("key", "certificate", "trust"),
            List.of("key", "trust", "certificate"),
            List.of("certificate", "key", "trust"),
            List.of("certificate", "trust", "key"),
            List.of("trust", "key", "certificate"),
            List.of("trust", "certificate", "key"));

    private static final int ANSWER_MILLIS = 10_000;

    @TempDir
    Path directory;

    @Test
    void newConnectionsUseWhatTheFilesHoldInWhateverOrderTheyWereReplaced() throws IOException {
        List<KeyAndCertificate> servers = List.of(made("one"), made("two"));
        List<KeyAndCertificate> clients = List.of(made("alice"), made("bob"));
        for (String file : ORDERS.get(0)) {
            replace(file, servers.get(0), clients.get(0));
        }
        try (ConfigurableApplicationContext context = start()) {
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            for (int i = 0; i <= ORDERS.size(); i++) {
                KeyAndCertificate server = servers.get(i % 2);
                KeyAndCertificate client = clients.get(i % 2);
                if (i > 0) {
                    for (String file : ORDERS.get(i - 1)) {
                        replace(file, server, client);
                    }
                }
                Await.until(
                        "the server " + i + " and its trust in the client",
                        () -> answers(port, server, client, servers));
                KeyAndCertificate other = clients.get((i + 1) % 2);
                assertThat(answers(port, server, other, servers))
                        .as("a client that is not trusted any more")
                        .isFalse();
            }
        }
    }

    private KeyAndCertificate made(String name) {
        return KeyAndCertificate.make(directory, name);
    }

    private void replace(String file, KeyAndCertificate server, KeyAndCertificate client) throws IOException {
        String text = switch (file) {
            case "key" -> server.keyPem();
            case "certificate" -> server.certificatePem();
            default -> client.certificatePem();
        };
        Path next = Files.writeString(directory.resolve("next"), text);
        Files.move(next, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(SampleApplication.class)
                .run(
                        "--server.port=0",
                        "--server.ssl.bundle=web",
                        "--server.ssl.client-auth=need",
                        "--securememory.secrets.webhook-key.location=file:"
                                + TestKey.random().writeTo(directory.resolve("webhook-key")),
                        "--securememory.secrets.tls-key.location=file:" + directory.resolve("key"),
                        "--securememory.secrets.tls-key.reload-interval=200ms",
                        "--securememory.ssl.bundle.web.private-key=tls-key",
                        "--securememory.ssl.bundle.web.certificate=file:" + directory.resolve("certificate"),
                        "--securememory.ssl.bundle.web.trust-certificate=file:" + directory.resolve("trust"));
    }

    /** With TLS 1.3 a client learns that it was refused when it reads. */
    private static boolean answers(
            int port, KeyAndCertificate server, KeyAndCertificate client, List<KeyAndCertificate> trusted) {
        SSLContext ssl = client.trusting(trusted);
        try (SSLSocket socket =
                (SSLSocket) ssl.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.startHandshake();
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            boolean answered = socket.getInputStream().read() == 'H';
            return answered && server.certificate().equals(socket.getSession().getPeerCertificates()[0]);
        } catch (IOException e) {
            return false;
        }
    }
}
