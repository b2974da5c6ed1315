package io.securememory.credentials;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.credentials.AuthorizedRequests;
import io.securememory.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** A client of HTTP. */
final class HttpUse {

    private static final int REQUESTS = 3;

    private HttpUse() {}

    static Object bearer(Path file, String server) {
        return call(file, server, AuthorizedRequests::bearer);
    }

    static Object basic(Path file, String server) {
        return call(file, server, secret -> AuthorizedRequests.basic("shop", secret));
    }

    static Object signed(Path file, String server) {
        return call(file, server, AuthorizedRequests::signed);
    }

    private static Object call(Path file, String server, Function<Secret, AuthorizedRequests.Destination> kind) {
        SecureMemory session = SecureMemory.create();
        Secret secret = session.secrets().read(file);
        HttpClientSettings settings = HttpClientSettings.defaults().withRedirects(HttpRedirects.DONT_FOLLOW);
        RestClient client = RestClient.builder()
                .requestFactory(ClientHttpRequestFactoryBuilder.jdk().build(settings))
                .requestInterceptor(kind.apply(secret).toPlainHttp(server).interceptorOfClientWithoutRedirects())
                .build();
        for (int i = 0; i < REQUESTS; i++) {
            client.post().uri(server).body("text").retrieve().toBodilessEntity();
        }
        return List.of(session, secret, client);
    }

    static Object bearerByNetty(Path file, String server) {
        SecureMemory session = SecureMemory.create();
        Secret secret = session.secrets().read(file);
        HttpClientSettings settings = HttpClientSettings.defaults().withRedirects(HttpRedirects.DONT_FOLLOW);
        WebClient client = WebClient.builder()
                .clientConnector(ClientHttpConnectorBuilder.reactor().build(settings))
                .filter(AuthorizedRequests.bearer(secret).toPlainHttp(server).filterOfClientWithoutRedirects())
                .build();
        for (int i = 0; i < REQUESTS; i++) {
            client.post()
                    .uri(server)
                    .bodyValue("text")
                    .retrieve()
                    .toBodilessEntity()
                    .block(Await.LIMIT);
        }
        return List.of(session, secret, client);
    }
}
