package io.securememory.credentials;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.credentials.AuthorizedRequests;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.web.client.RestClient;

/** Calls a server, whose address is the argument. */
final class RestClientProgram {

    private static final int BYTES = 32;

    private RestClientProgram() {}

    public static void main(String[] arguments) {
        try (SecureMemory session = SecureMemory.create();
                Secret key = session.secrets().createRandom(BYTES)) {
            RestClient client = AuthorizedRequests.signed(key)
                    .toPlainHttp(arguments[0])
                    .applyTo(RestClient.builder(), HttpClientSettings.defaults())
                    .build();
            System.out.println(
                    client.get().uri(arguments[0]).retrieve().toBodilessEntity().getStatusCode());
        }
    }
}
