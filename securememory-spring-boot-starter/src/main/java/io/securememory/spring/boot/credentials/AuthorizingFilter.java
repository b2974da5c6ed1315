package io.securememory.spring.boot.credentials;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** For clients that do not wait. */
final class AuthorizingFilter implements ExchangeFilterFunction {

    private static final byte[] NOTHING = {};

    private final AuthorizedRequests requests;

    private AuthorizingFilter(AuthorizedRequests requests) {
        this.requests = requests;
    }

    /**
     * Makes a filter. If the class that calls this made one itself, the JVM would look for its interface, which most
     * applications with a {@code RestClient} do not have.
     */
    static ExchangeFilterFunction of(AuthorizedRequests requests) {
        return new AuthorizingFilter(requests);
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        requests.check(request.url());
        ClientRequest authorized = ClientRequest.from(request)
                .body((message, context) -> request.body().insert(new Authorized(message, request), context))
                .build();
        return next.exchange(authorized);
    }

    /** Adds the headers when the body is known, right before both are sent. */
    private final class Authorized extends ClientHttpRequestDecorator {

        private final ClientRequest request;

        Authorized(ClientHttpRequest message, ClientRequest request) {
            super(message);
            this.request = request;
        }

        private void authorize(byte[] body) {
            requests.authorize(getHeaders(), request.method().name(), request.url(), body);
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            if (!requests.dependsOnBody()) {
                authorize(NOTHING);
                return super.writeWith(body);
            }
            return DataBufferUtils.join(body)
                    .defaultIfEmpty(bufferFactory().wrap(NOTHING))
                    .flatMap(whole -> {
                        byte[] bytes = new byte[whole.readableByteCount()];
                        whole.read(bytes);
                        DataBufferUtils.release(whole);
                        authorize(bytes);
                        return super.writeWith(Mono.just(bufferFactory().wrap(bytes)));
                    });
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return requests.dependsOnBody()
                    ? writeWith(Flux.from(body).concatMap(part -> part))
                    : Mono.defer(() -> {
                        authorize(NOTHING);
                        return super.writeAndFlushWith(body);
                    });
        }

        @Override
        public Mono<Void> setComplete() {
            authorize(NOTHING);
            return super.setComplete();
        }
    }
}
