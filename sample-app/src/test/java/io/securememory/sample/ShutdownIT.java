package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, as sent by service managers and container platforms. */
@OnceInShortForm
class ShutdownIT {

    private static final byte[] PAYLOAD = "{\"event\":\"order.paid\",\"id\":42}".getBytes(UTF_8);
    private static final int SIGTERM_EXIT = 128 + 15;

    private final TestKey key = TestKey.random();

    @TempDir
    Path directory;

    @Test
    void requestInFlightIsSignedBeforeTheKeyIsWiped() throws IOException {
        try (SampleProcess sample = SampleCommand.withKeyFile(key.writeTo(directory.resolve("key")))
                        .extracted()
                        .start();
                Socket connection = new Socket(InetAddress.getLoopbackAddress(), sample.port())) {
            connection.setSoTimeout(120_000);
            OutputStream request = connection.getOutputStream();
            request.write(("POST /sign HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                            + PAYLOAD.length + "\r\n\r\n")
                    .getBytes(UTF_8));
            request.write(PAYLOAD, 0, 1);
            request.flush();
            Await.until("the request to be in flight", () -> isReadingARequest(sample));

            sample.signal("TERM");
            sample.awaitEach("Commencing graceful shutdown");
            request.write(Arrays.copyOfRange(PAYLOAD, 1, PAYLOAD.length));
            request.flush();
            String response = new String(connection.getInputStream().readAllBytes(), UTF_8);

            assertThat(response).startsWith("HTTP/1.1 200").contains(key.sign(PAYLOAD));
            assertThat(sample.awaitExit()).isEqualTo(SIGTERM_EXIT);
            assertThat(sample.output()).contains("Graceful shutdown complete");
            assertThat(sample.output().indexOf("Graceful shutdown complete"))
                    .isLessThan(sample.output().indexOf("Secure memory closed"));
            assertThat(sample.output().lines().filter(line -> line.contains("Secure memory closed")))
                    .singleElement()
                    .asString()
                    .contains(": 1 secret")
                    .contains("wiped (" + key.text().length() + " bytes)")
                    .contains("0 failed");
        }
    }

    private static boolean isReadingARequest(SampleProcess sample) {
        HttpResponse<String> active = sample.get("/actuator/metrics/http.server.requests.active?tag=method:POST");
        return active.statusCode() == 200 && JsonPath.<Double>read(active.body(), "$.measurements[0].value") == 1;
    }
}
