package io.securememory.residue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.securememory.testing.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** Shows its certificate, as a server or as a client. The other side is an ordinary one of the JDK, with another key. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
@Import(TlsApplication.Answers.class)
class TlsApplication {

    private static final int HANDSHAKES = 20;
    private static final int MILLIS = 20_000;
    private static final String ANSWER = "hello";

    @RestController
    static class Answers {

        @GetMapping("/")
        String answer() {
            return ANSWER;
        }
    }

    static Kept serve(Given given) throws IOException, GeneralSecurityException {
        ConfigurableApplicationContext context =
                start(given, WebApplicationType.SERVLET, "key.crt", "server.port=0", "server.ssl.bundle=own");
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        for (int i = 0; i < HANDSHAKES; i++) {
            SSLContext client = SSLContext.getInstance("TLS"); // A new one does not resume a session.
            client.init(null, trust(certificate(given)).getTrustManagers(), null);
            try (SSLSocket socket =
                    (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getByName("localhost"), port)) {
                socket.setSoTimeout(MILLIS);
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
                expect(new String(socket.getInputStream().readAllBytes(), US_ASCII));
            }
        }
        return Kept.of(context);
    }

    static Kept call(Given given) throws IOException, GeneralSecurityException {
        Certificates other = Certificates.another("RSA");
        Files.writeString(given.file("other.crt"), other.certificatePem());
        HttpsServer server = serverOf(other, certificate(given));
        server.start();
        try {
            ConfigurableApplicationContext context = start(given, WebApplicationType.NONE, "other.crt");
            RestClient client = RestClient.builder()
                    .requestFactory(ClientHttpRequestFactoryBuilder.jdk()
                            .build(HttpClientSettings.ofSslBundle(
                                    context.getBean(SslBundles.class).getBundle("own"))))
                    .build();
            for (int i = 0; i < HANDSHAKES; i++) {
                expect(String.valueOf(client.get()
                        .uri("https://localhost:" + server.getAddress().getPort())
                        .retrieve()
                        .body(String.class)));
            }
            return Kept.of(context, client);
        } finally {
            server.stop(0);
        }
    }

    private static void expect(String answer) {
        if (!answer.contains(ANSWER)) {
            throw new IllegalStateException("the answer is " + answer);
        }
    }

    private static ConfigurableApplicationContext start(
            Given given, WebApplicationType type, String trusted, String... more) {
        String bundle = "securememory.ssl.bundle.own.";
        String[] properties = Arrays.copyOf(more, more.length + 4);
        properties[more.length] = Contexts.secret(given, "tls-key", "key.pem");
        properties[more.length + 1] = bundle + "private-key=tls-key";
        properties[more.length + 2] = bundle + "certificate=file:" + given.file("key.crt");
        properties[more.length + 3] = bundle + "trust-certificate=file:" + given.file(trusted);
        return Contexts.start(given, type, TlsApplication.class, properties);
    }

    /** Wants a certificate of its clients, and closes each connection. */
    private static HttpsServer serverOf(Certificates own, Certificate trusted)
            throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(Material.keyStore(own), Material.KEY_STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust(trusted).getTrustManagers(), null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(200, ANSWER.length());
            try (exchange) {
                exchange.getResponseBody().write(ANSWER.getBytes(US_ASCII));
            }
        });
        return server;
    }

    private static Certificate certificate(Given given) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(given.file("key.crt"))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static TrustManagerFactory trust(Certificate certificate) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("peer", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }
}
