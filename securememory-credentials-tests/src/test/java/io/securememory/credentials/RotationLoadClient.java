package io.securememory.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Sends the requests of one user, each time over a connection of its own, with a whole handshake. */
final class RotationLoadClient {

    /** Requests that one call makes. */
    static final int REQUESTS = 6;

    private static final Duration ANSWER = Duration.ofSeconds(40);

    private final SSLContext tls;
    private final String base;
    private final AtomicLong numbers = new AtomicLong();

    RotationLoadClient(Path authority, int port) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        this.tls = SSLContext.getInstance("TLS");
        this.tls.init(null, trust.getTrustManagers(), null);
        this.base = "https://127.0.0.1:" + port;
    }

    /** What was signed and issued is verified in a later request: the key may be another one by then. */
    Object request() throws IOException, InterruptedException, GeneralSecurityException {
        tls.getClientSessionContext().setSessionCacheSize(1);
        HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ANSWER)
                .build();
        String number = Long.toString(numbers.incrementAndGet());
        String signature = get(client, "/sign?message=" + number);
        String token = get(client, "/issue?subject=" + number);
        require(number, get(client, "/database?number=" + number));
        require(number, get(client, "/cache?key=" + number));
        require("genuine", get(client, "/verify?message=" + number + "&signature=" + signature));
        require(number, get(client, "/subject?token=" + token));
        return number;
    }

    private static void require(String expected, String answer) throws IOException {
        if (!expected.equals(answer)) {
            throw new IOException("expected " + expected + " and got " + answer);
        }
    }

    private String get(HttpClient client, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER).build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path.replaceAll("\\?.*", "") + " answers " + response.statusCode());
        }
        return response.body();
    }
}
