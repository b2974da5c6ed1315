package io.securememory.servers;

import java.util.Objects;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers with the certificate that the client has shown, and closes each connection. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ReactiveApplication.Answers.class)
class ReactiveApplication {

    @RestController
    static class Answers {

        @GetMapping("/")
        String answer(ServerHttpRequest request, ServerHttpResponse response) {
            response.getHeaders().set("Connection", "close");
            SslInfo shown = Objects.requireNonNull(request.getSslInfo());
            return Fingerprint.of(Objects.requireNonNull(shown.getPeerCertificates())[0]);
        }
    }
}
