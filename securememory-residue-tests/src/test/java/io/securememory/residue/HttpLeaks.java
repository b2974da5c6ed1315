package io.securememory.residue;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.support.BasicAuthenticationInterceptor;
import org.springframework.web.client.RestClient;

/** Headers of requests. The server is in another process. */
final class HttpLeaks {

    private static final String TOKEN = "token" + Material.SECRET;

    private HttpLeaks() {}

    static Kept bearer(Given given) {
        RestClient client = RestClient.builder()
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + given.text(TOKEN))
                .build();
        client.get().uri(given.server()).retrieve().toBodilessEntity();
        return Kept.of(client);
    }

    static Kept bearerOfCall(Given given) {
        RestClient client = RestClient.create();
        client.get()
                .uri(given.server())
                .headers(headers -> headers.setBearerAuth(given.text(TOKEN)))
                .retrieve()
                .toBodilessEntity();
        return Kept.of(client);
    }

    static Kept basic(Given given) {
        RestClient client = RestClient.builder()
                .requestInterceptor(new BasicAuthenticationInterceptor("app", given.text("password" + Material.SECRET)))
                .build();
        client.get().uri(given.server()).retrieve().toBodilessEntity();
        return Kept.of(client);
    }
}
