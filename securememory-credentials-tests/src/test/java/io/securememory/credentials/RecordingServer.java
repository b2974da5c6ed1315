package io.securememory.credentials;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A server on the loopback interface that keeps what it was asked. */
final class RecordingServer implements AutoCloseable {

    private static final int NO_CONTENT = 204;
    private static final int FOUND = 302;

    private final HttpServer server;
    private final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();

    /** Where it redirects to. */
    private volatile @Nullable String elsewhere;

    /** A request. */
    record Asked(
            String method,
            String pathAndQuery,
            @Nullable String authorization,
            @Nullable String date,
            byte[] body) {}

    RecordingServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Signature-Date"),
                exchange.getRequestBody().readAllBytes()));
        String target = elsewhere;
        if (target != null) {
            exchange.getResponseHeaders().set("Location", target);
        }
        exchange.sendResponseHeaders(target == null ? NO_CONTENT : FOUND, -1);
        exchange.close();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void redirectTo(@Nullable String uri) {
        elsewhere = uri;
    }

    /** Returns the next request that nobody has looked at, if there is one. */
    Optional<Asked> next() {
        return Optional.ofNullable(asked.poll());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
