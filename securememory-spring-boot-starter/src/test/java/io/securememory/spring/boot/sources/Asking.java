package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.write;

import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Contexts with a secret from an HTTP server. */
final class Asking {

    static final String KEY = "securememory.secrets.key.";

    private Asking() {}

    /** A context whose secret {@code key} is a field of what Vault answers. */
    static ApplicationContextRunner of(Path directory, String url) {
        return Starter.runner()
                .withPropertyValues(
                        KEY + "http.url=" + url,
                        KEY + "http.field=data.data.password",
                        KEY + "http.token-secret=token",
                        KEY + "http.retries=0",
                        KEY + "timeout=5s",
                        Starter.location("token", write(directory, "token", Vault.TOKEN + "\n")));
    }
}
