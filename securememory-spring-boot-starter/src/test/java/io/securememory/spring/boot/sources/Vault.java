package io.securememory.spring.boot.sources;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.securememory.testing.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Stands in for a Vault with its KV secrets engine of version 2, on loopback. It answers {@code GET /v1/secret/data/app} as
 * Vault does, and checks the token.
 */
final class Vault implements AutoCloseable {

    static final String TOKEN = "hvs.TokenThatOpensTheVault0815";

    private static final String PATH = "/v1/secret/data/app";

    private final HttpServer server;
    private final String scheme;
    /** Headers of the requests, in their order. */
    final List<Headers> asked = new CopyOnWriteArrayList<>();

    private volatile int status = 200;
    private volatile String body = "";
    private volatile boolean chunked;
    private volatile String token = TOKEN;

    private Vault(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", this::answer);
        server.start();
    }

    static Vault plain() {
        return plain(0);
    }

    static Vault plain(int port) {
        try {
            return new Vault(HttpServer.create(loopback(port), 0), "http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Vault secure(Certificates certificates) {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("key", certificates.key(), new char[0], new Certificate[] {certificates.certificate()});
            KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(keys, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            HttpsServer server = HttpsServer.create(loopback(0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            return new Vault(server, "https");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Has a secret, whose text is put into the JSON as it is. */
    Vault with(String password) {
        return answering(
                200,
                "{\"request_id\":\"8c1f\",\"lease_id\":\"\",\"renewable\":false,\"data\":{\"data\":{\"user\":\"app\","
                        + "\"password\":\"" + password + "\"},\"metadata\":{\"created_time\":\"2026-01-01T00:00:00Z\","
                        + "\"custom_metadata\":null,\"deletion_time\":\"\",\"destroyed\":false,\"version\":7}},"
                        + "\"wrap_info\":null,\"warnings\":null,\"auth\":null,\"mount_type\":\"kv\"}\n");
    }

    /** Answers what it does after {@code vault kv delete}. */
    Vault afterDelete(String old) {
        return answering(
                404,
                "{\"data\":{\"data\":null,\"metadata\":{\"deletion_time\":\"2026-01-02T00:00:00Z\",\"note\":\"" + old
                        + "\"}}}");
    }

    Vault answering(int newStatus, String newBody) {
        status = newStatus;
        body = newBody;
        return this;
    }

    /** Takes this token only. */
    Vault opensFor(String newToken) {
        token = newToken;
        return this;
    }

    Vault inChunks() {
        chunked = true;
        return this;
    }

    String url() {
        return scheme + "://localhost:" + port() + PATH;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestHeaders());
            boolean isKnown = token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))
                    || ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!isKnown || !exchange.getRequestURI().getPath().equals(PATH)) {
                send(exchange, isKnown ? 404 : 403, "{\"errors\":[\"permission denied\"]}");
            } else {
                send(exchange, status, body);
            }
        }
    }

    private void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, chunked ? 0 : bytes.length == 0 ? -1 : bytes.length);
        for (byte one : chunked ? bytes : new byte[0]) {
            exchange.getResponseBody().write(one);
        }
        if (!chunked) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
