package io.securememory.residue;

import java.util.Objects;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.RestClient;

/** Signs in Tomcat. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
@Import(Signer.class)
class ServletApplication {

    private static final int REQUESTS = 50;

    static Kept begin(Given given) {
        ConfigurableApplicationContext context = Contexts.start(
                given,
                WebApplicationType.SERVLET,
                ServletApplication.class,
                "server.port=0",
                Contexts.secret(given, "key", "key" + Material.SECRET));
        RestClient client = RestClient.create(Contexts.address(context, "http"));
        Signer signer = context.getBean(Signer.class);
        for (int i = 0; i < REQUESTS; i++) {
            signer.check(Objects.requireNonNull(
                    client.post().uri("/sign").body(Signer.MESSAGE).retrieve().body(String.class)));
        }
        return Kept.of(context);
    }
}
