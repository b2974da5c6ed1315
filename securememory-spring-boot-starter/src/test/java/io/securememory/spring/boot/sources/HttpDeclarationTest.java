package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Properties of a secret from an HTTP server that cannot be used. */
@ExtendWith(OutputCaptureExtension.class)
class HttpDeclarationTest {

    @TempDir
    Path directory;

    /** Changed properties, and what is said. */
    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("http.url=http://vault.example/v1/" + MARKER, "plain text; it is not shown here"),
                Arguments.of("http.url=https://me:" + MARKER + "@vault.example/", "has a user or a password before"),
                Arguments.of("http.url=" + MARKER, "is not a URL of https: or http: with the name of a server"),
                Arguments.of("http.url=https://vault example/", "is not a valid URL"),
                Arguments.of("http.url=https://vault.example:82000/", "has a port that is not from 1 to 65535"),
                Arguments.of("http.url=", "http.url is not set."),
                Arguments.of("http.field=data..password", "is no path: one of its names is empty"),
                Arguments.of("http.token-header=X: " + MARKER, "is not the name of a header"),
                Arguments.of("http.retries=-1", "is -1, expected 0 to 100."),
                Arguments.of("timeout=1ms", "is 1 ms, expected 100 ms to "),
                Arguments.of("required=false", "whether there is a secret is known only when it is read"),
                Arguments.of("allow-world-readable=true", "it is in no file"),
                Arguments.of("reload-interval=1ms", "reload-interval is 1 ms, expected "),
                Arguments.of("location=file:/x", "location are set together."),
                Arguments.of("generate=32", "generate are set together."),
                Arguments.of("http.token-secret=absent", "its token, the secret 'absent', is not loaded."),
                Arguments.of("http.token-secret=key", "is read with another one of them as the token."));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongPropertyIsNamedAndItsValueIsNot(String property, String problem, CapturedOutput output) {
        Asking.of(directory, "http://localhost:1/")
                .withPropertyValues(Asking.KEY + property)
                .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                        .contains(problem)
                        .doesNotContain(MARKER));
        assertThat(output).doesNotContain(MARKER);
    }

    @Test
    void aTokenThatCouldEndItsHeaderIsNotSent() {
        try (Vault vault = Vault.plain().with("old")) {
            write(directory, "token", "x");
            Asking.of(directory, vault.url())
                    .withPropertyValues(Starter.location("token", write(directory, "other", MARKER + "\nX-Other: 1")))
                    .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .contains("its token has characters that no header has: byte ")
                            .doesNotContain(MARKER));
            assertThat(vault.asked).isEmpty();
        }
    }
}
