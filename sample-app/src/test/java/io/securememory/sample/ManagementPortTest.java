package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.testing.Await;
import io.securememory.testing.Http;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** The actuator on a port of its own, which is a child context that closes by itself. */
class ManagementPortTest {

    private static final byte[] PAYLOAD = "{\"event\":\"order.paid\",\"id\":42}".getBytes(UTF_8);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Await.LIMIT).build();
    private final TestKey key = TestKey.random();
    private final AtomicReference<ConfigurableApplicationContext> management = new AtomicReference<>();
    private final AtomicReference<Integer> managementPort = new AtomicReference<>();
    private final AtomicReference<Integer> port = new AtomicReference<>();

    @Test
    void theChildSharesTheSessionOfTheApplicationAndLeavesItAloneWhenItCloses(@TempDir Path directory) {
        try (ConfigurableApplicationContext context = start(directory)) {
            SecureMemory session = context.getBean(SecureMemory.class);
            assertThat(management.get().getParent()).isSameAs(context);
            assertThat(management.get().getBean(SecureMemory.class)).isSameAs(session);
            HttpRequest endpoint = HttpRequest.newBuilder(uri(managementPort.get(), "/actuator/securememory"))
                    .build();
            assertThat(JsonPath.<Integer>read(send(endpoint), "$.counts.liveSecrets"))
                    .isEqualTo(1);

            management.get().close();

            assertThat(context.isActive()).isTrue();
            assertThat(session.status().liveSecrets()).isEqualTo(1);
            assertThat(session.status().purgesTotal()).isZero();
            HttpRequest sign = HttpRequest.newBuilder(uri(port.get(), "/sign"))
                    .POST(BodyPublishers.ofByteArray(PAYLOAD))
                    .build();
            assertThat(send(sign)).contains(key.sign(PAYLOAD));

            Secret secret = context.getBean(Secret.class);
            context.close();
            assertThat(secret.isClosed()).isTrue();
            assertThat(session.status().liveSecrets()).isZero();
        }
    }

    private ConfigurableApplicationContext start(Path directory) {
        ApplicationListener<WebServerInitializedEvent> listener = event -> {
            boolean child = "management".equals(event.getApplicationContext().getServerNamespace());
            (child ? managementPort : port).set(event.getWebServer().getPort());
            if (child) {
                management.set((ConfigurableApplicationContext) event.getApplicationContext());
            }
        };
        return new SpringApplicationBuilder(SampleApplication.class)
                .listeners(listener)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--management.server.address=127.0.0.1",
                        "--securememory.secrets.webhook-key.location=file:" + key.writeTo(directory.resolve("key")));
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private String send(HttpRequest request) {
        return Http.send(client, request, BodyHandlers.ofString()).body();
    }
}
