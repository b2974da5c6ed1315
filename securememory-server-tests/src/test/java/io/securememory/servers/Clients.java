package io.securememory.servers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** Clients that are made once from a bundle. Each request takes a connection of its own, and a whole handshake. */
final class Clients {

    private static final int ANSWER_MILLIS = 20_000;

    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final int port;

    /** One request. */
    @FunctionalInterface
    interface Call {

        /** Returns the fingerprints that the server and, if it can tell, the client has seen. */
        Answer now() throws Exception;
    }

    /**
     * What both sides have shown.
     *
     * @param client fingerprint of the client's certificate
     * @param server fingerprint of the server's certificate; empty if this client does not tell
     */
    record Answer(String client, String server) {}

    Clients(SslBundle bundle, int port) {
        this.port = port;
        HttpClientSettings settings = HttpClientSettings.ofSslBundle(bundle);
        SSLContext once = bundle.createSslContext();
        calls.put("JSSE once", () -> handshake(once, "TLSv1.3"));
        calls.put("JSSE anew, TLS 1.2", () -> handshake(bundle.createSslContext(), "TLSv1.2"));
        calls.put("RestClient, JDK", rest(ClientHttpRequestFactoryBuilder.jdk().build(settings)));
        calls.put("JSSE anew", () -> handshake(bundle.createSslContext(), "TLSv1.3"));
        calls.put(
                "RestClient, Apache",
                rest(ClientHttpRequestFactoryBuilder.httpComponents().build(settings)));
        calls.put("WebClient, Netty", web(settings));
    }

    Map<String, Call> calls() {
        return calls;
    }

    private String uri() {
        return "https://localhost:" + port + "/";
    }

    private Call rest(ClientHttpRequestFactory factory) {
        RestClient client = RestClient.builder().requestFactory(factory).build();
        return () -> new Answer(
                Objects.requireNonNull(client.get().uri(uri()).retrieve().body(String.class)), "");
    }

    private Call web(HttpClientSettings settings) {
        WebClient client = WebClient.builder()
                .clientConnector(ClientHttpConnectorBuilder.reactor().build(settings))
                .build();
        return () -> new Answer(
                Objects.requireNonNull(client.get()
                        .uri(uri())
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofMillis(ANSWER_MILLIS))),
                "");
    }

    private Answer handshake(SSLContext ssl, String protocol) throws IOException, GeneralSecurityException {
        try (SSLSocket socket =
                (SSLSocket) ssl.getSocketFactory().createSocket(InetAddress.getByName("localhost"), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            Certificate server = socket.getSession().getPeerCertificates()[0];
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("the answer is " + answer);
            }
            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
            return new Answer(body.contains("\r\n") ? body.split("\r\n")[1] : body, Fingerprint.of(server));
        }
    }
}
