package io.securememory.spring.boot.credentials;

import io.securememory.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Authenticates the requests of a {@link RestClient} or {@link WebClient} to one server with a secret, which is read for each
 * request: after a rotation, the next request has the new one.
 *
 * <pre>{@code
 * AuthorizedRequests requests = AuthorizedRequests.bearer(token).to("https://api.example.com");
 * RestClient client = requests.applyTo(RestClient.builder(), settings).build();
 * }</pre>
 *
 * <p><b>Guarantees.</b> A request to another scheme, host or port than that of the server fails and is not sent, and no
 * redirect is followed: the libraries differ in which headers they take along, and the HTTP client of Java 17 takes the token
 * to any host. Plain HTTP has to be allowed by {@link Destination#toPlainHttp}.
 *
 * <p><b>Limits.</b> A token or password is on the heap as one String for each request, and in buffers of the library that sends
 * it. They are garbage afterwards, which nobody wipes. A signature leaves nothing of its key.
 *
 * <p><b>Threading.</b> Immutable. The caller closes the secret.
 */
public final class AuthorizedRequests {

    private final RequestAuthorization authorization;
    private final Origin server;

    private AuthorizedRequests(RequestAuthorization authorization, Origin server) {
        this.authorization = authorization;
        this.server = server;
    }

    /** Says where requests may go. */
    public static final class Destination {

        private final RequestAuthorization authorization;

        private Destination(RequestAuthorization authorization) {
            this.authorization = authorization;
        }

        /**
         * Names the one server.
         *
         * @param server a URI that begins with {@code https://}; its path does not matter
         * @return what authenticates the requests
         * @throws IllegalArgumentException if it begins with something else, or has no host
         */
        public AuthorizedRequests to(String server) {
            Origin origin = Origin.of(URI.create(server));
            if (!origin.isEncrypted()) {
                throw new IllegalArgumentException(
                        "everybody on the way to " + origin + " could read the secret: use https, or toPlainHttp");
            }
            return new AuthorizedRequests(authorization, origin);
        }

        /**
         * Names the one server, to which requests go unencrypted: for a proxy on the same machine, for example.
         *
         * @param server a URI that begins with {@code http://}; its path does not matter
         * @return what authenticates the requests
         * @throws IllegalArgumentException if it begins with something else, or has no host
         */
        public AuthorizedRequests toPlainHttp(String server) {
            Origin origin = Origin.of(URI.create(server));
            if (origin.isEncrypted()) {
                throw new IllegalArgumentException(origin + " is not plain http: use to");
            }
            return new AuthorizedRequests(authorization, origin);
        }
    }

    /**
     * Sends a token as it is.
     *
     * @param token printable characters of ASCII; others fail the request
     * @return asks where to
     */
    public static Destination bearer(Secret token) {
        return new Destination(PasswordAuthorization.bearer(Objects.requireNonNull(token, "token")));
    }

    /**
     * Sends a name and a password.
     *
     * @param user the name, without a colon
     * @param password the password, in UTF-8
     * @return asks where to
     * @throws IllegalArgumentException if the name has a colon
     */
    public static Destination basic(String user, Secret password) {
        return new Destination(PasswordAuthorization.basic(user, Objects.requireNonNull(password, "password")));
    }

    /**
     * Signs each request, as {@link SignedRequestVerifier} documents it. The body of a {@link WebClient} is collected in memory
     * for that.
     *
     * @param key the key, of at least 32 random bytes
     * @return asks where to
     */
    public static Destination signed(Secret key) {
        return new Destination(new SignatureAuthorization(Objects.requireNonNull(key, "key"), InstantSource.system()));
    }

    /**
     * Authenticates the requests of a client. Its request factory is replaced by one that follows no redirects, of the library
     * that Spring Boot finds. To be called after all interceptors were added that change a request.
     *
     * @param client a builder
     * @param settings timeouts and the SSL bundle; what they say about redirects is not used
     * @return the builder
     */
    public RestClient.Builder applyTo(RestClient.Builder client, HttpClientSettings settings) {
        return client.requestFactory(ClientHttpRequestFactoryBuilder.detect().build(withoutRedirects(settings)))
                .requestInterceptor(interceptorOfClientWithoutRedirects());
    }

    /**
     * Authenticates the requests of a client. Its connector is replaced by one that follows no redirects, of the library that
     * Spring Boot finds. To be called after all filters were added that change a request.
     *
     * @param client a builder
     * @param settings timeouts and the SSL bundle; what they say about redirects is not used
     * @return the builder
     */
    public WebClient.Builder applyTo(WebClient.Builder client, HttpClientSettings settings) {
        return client.clientConnector(ClientHttpConnectorBuilder.detect().build(withoutRedirects(settings)))
                .filter(filterOfClientWithoutRedirects());
    }

    private static HttpClientSettings withoutRedirects(HttpClientSettings settings) {
        return settings.withRedirects(HttpRedirects.DONT_FOLLOW);
    }

    /**
     * Returns what {@link #applyTo(RestClient.Builder, HttpClientSettings)} adds, for clients with a request factory of your
     * own. <b>It must not follow redirects</b>, which nobody checks: some libraries take the token to where a redirect leads.
     *
     * @return the interceptor
     */
    public ClientHttpRequestInterceptor interceptorOfClientWithoutRedirects() {
        return new AuthorizingInterceptor(this);
    }

    /**
     * Returns what {@link #applyTo(WebClient.Builder, HttpClientSettings)} adds, for clients with a connector of your own.
     * <b>It must not follow redirects</b>, which nobody checks: some libraries take the token to where a redirect leads.
     *
     * @return the filter
     */
    public ExchangeFilterFunction filterOfClientWithoutRedirects() {
        return AuthorizingFilter.of(this);
    }

    boolean dependsOnBody() {
        return authorization.dependsOnBody();
    }

    /**
     * Refuses other servers.
     *
     * @throws IllegalStateException if a request would go elsewhere
     */
    void check(URI uri) {
        Origin asked = Origin.of(uri);
        if (!asked.equals(server)) {
            throw new IllegalStateException("The request to " + asked + " is not sent, because its secret is for "
                    + server + " only. Use another client for other servers.");
        }
    }

    void authorize(HttpHeaders headers, String method, URI uri, byte[] body) {
        check(uri);
        authorization.addTo(headers, method, uri, body);
    }

    /** Tells where requests may go, and nothing of the secret. */
    @Override
    public String toString() {
        return "AuthorizedRequests[to " + server + "]";
    }
}
