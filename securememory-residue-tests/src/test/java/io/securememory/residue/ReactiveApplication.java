package io.securememory.residue;

import java.time.Duration;
import java.util.Objects;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;

/** Signs in Netty. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = {DataSourceAutoConfiguration.class, TomcatReactiveWebServerAutoConfiguration.class})
@Import(Signer.class)
class ReactiveApplication {

    private static final int REQUESTS = 50;
    private static final int AT_ONCE = 4;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static Kept begin(Given given) {
        ConfigurableApplicationContext context = Contexts.start(
                given,
                WebApplicationType.REACTIVE,
                ReactiveApplication.class,
                "server.port=0",
                Contexts.secret(given, "key", "key" + Material.SECRET));
        WebClient client = WebClient.create(Contexts.address(context, "http"));
        Signer signer = context.getBean(Signer.class);
        Flux<String> answers = Flux.range(0, REQUESTS)
                .flatMap(
                        turn -> client.post()
                                .uri("/sign")
                                .bodyValue(Signer.MESSAGE)
                                .retrieve()
                                .bodyToMono(String.class),
                        AT_ONCE);
        Objects.requireNonNull(answers.collectList().block(LIMIT)).forEach(signer::check);
        return Kept.of(context);
    }
}
