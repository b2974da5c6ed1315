package io.securememory.spring.boot.credentials;

import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/** For clients that wait for the answer. */
final class AuthorizingInterceptor implements ClientHttpRequestInterceptor {

    private final AuthorizedRequests requests;

    AuthorizingInterceptor(AuthorizedRequests requests) {
        this.requests = requests;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        requests.authorize(request.getHeaders(), request.getMethod().name(), request.getURI(), body);
        return execution.execute(request, body);
    }
}
