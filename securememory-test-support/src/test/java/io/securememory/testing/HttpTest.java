package io.securememory.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@OnEverySystem
class HttpTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/whole", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(UTF_8));
            exchange.close();
        });
        server.createContext("/half", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("o".getBytes(UTF_8));
            exchange.getResponseBody().flush();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private HttpRequest request(String path) {
        String address = "http://" + server.getAddress().getAddress().getHostAddress() + ":";
        return HttpRequest.newBuilder(URI.create(address + server.getAddress().getPort() + path))
                .build();
    }

    @Test
    void answerIsReturnedWithItsBody() {
        assertThat(Http.send(client, request("/whole"), BodyHandlers.ofString()).body())
                .isEqualTo("ok");
    }

    @Test
    void bodyThatDoesNotComeEndsTheWait() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Http.send(client, request("/half"), BodyHandlers.ofString(), Duration.ofMillis(300)))
                .withMessageContaining("no whole answer to http://")
                .withMessageContaining("HttpTest.bodyThatDoesNotComeEndsTheWait(HttpTest.java:");
    }

    @Test
    void serverThatIsNotThereIsAFailureWithTheRequest() {
        HttpRequest request = request("/whole");
        server.stop(0);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Http.send(client, request, BodyHandlers.ofString()))
                .withMessageContaining("/whole");
    }
}
