package io.securememory.residue;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Tokens and passwords that come as text. */
final class TextLeaks {

    private static final String CONFIGURATION = "application.yml";
    private static final String ANSWER = "answer.json";

    private TextLeaks() {}

    @Configuration(proxyBeanMethods = false)
    static class Application {

        private final String token;

        Application(@Value("${payment.token}") String token) {
            this.token = token;
        }

        int length() {
            return token.length();
        }
    }

    /** The answer of a server that gives tokens. */
    record TokenResponse(@JsonProperty("access_token") String accessToken) {}

    static void prepareProperty(Path directory) throws IOException {
        Files.writeString(
                directory.resolve(CONFIGURATION), "payment:\n  token: \"" + Material.text(directory, "token") + "\"\n");
    }

    static Kept property(Given given) {
        return Kept.of(new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run("--spring.main.banner-mode=off", "--spring.config.location=file:" + given.file(CONFIGURATION)));
    }

    static Kept variable(Given given) {
        return Kept.of(Objects.requireNonNull(System.getenv(Leak.VARIABLE)).length());
    }

    static void prepareJson(Path directory) throws IOException {
        Files.writeString(directory.resolve(ANSWER), """
                {"access_token": "%s"}
                """.formatted(Material.text(directory, "token")));
    }

    static Kept json(Given given) {
        JsonMapper mapper = JsonMapper.builder().build();
        return Kept.of(mapper, mapper.readValue(given.file(ANSWER), TokenResponse.class));
    }
}
