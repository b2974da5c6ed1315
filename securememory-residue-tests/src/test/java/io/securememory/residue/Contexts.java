package io.securememory.residue;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts applications of Spring Boot. */
final class Contexts {

    static final String LOG = "application.log";

    private Contexts() {}

    /** Starts an application that writes a log, with these properties. */
    static ConfigurableApplicationContext start(
            Given given, WebApplicationType type, Class<?> application, String... properties) {
        List<String> arguments =
                new ArrayList<>(List.of("spring.main.banner-mode=off", "logging.file.name=" + given.file(LOG)));
        arguments.addAll(List.of(properties));
        arguments.replaceAll(property -> "--" + property);
        return new SpringApplicationBuilder(application).web(type).run(arguments.toArray(String[]::new));
    }

    /** The property that declares a secret. */
    static String secret(Given given, String name, String file) {
        return "securememory.secrets." + name + ".location=file:" + given.file(file);
    }

    static String address(ConfigurableApplicationContext context, String scheme) {
        return scheme + "://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }
}
