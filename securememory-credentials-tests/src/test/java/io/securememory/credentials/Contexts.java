package io.securememory.credentials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Applications with a secret and one client. */
final class Contexts {

    /** The name of the secret. */
    static final String SECRET = "client-password";

    private Contexts() {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    /**
     * Starts an application with the secret of a file, which is read again when the test says so.
     *
     * @param client last part of the property that names the secret
     * @param clientPackage package of Spring Boot's auto-configurations of the client
     */
    static ConfigurableApplicationContext start(
            Path file, String client, String clientPackage, List<Class<?>> more, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "--spring.main.banner-mode=off",
                "--securememory.secrets." + SECRET + ".location=file:" + file,
                "--securememory.credentials." + client + "=" + SECRET,
                "--" + OnlyOneClient.PACKAGE + "=" + clientPackage));
        for (String property : properties) {
            all.add("--" + property);
        }
        return new SpringApplicationBuilder(Application.class)
                .sources(more.toArray(Class<?>[]::new))
                .web(WebApplicationType.NONE)
                .run(all.toArray(String[]::new));
    }
}
