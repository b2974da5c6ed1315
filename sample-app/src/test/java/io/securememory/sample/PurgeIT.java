package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.securememory.testing.OnceInShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint that wipes everything, over HTTP. */
@OnceInShortForm
class PurgeIT {

    private static final String PURGE = "/actuator/securememorypurge";
    private static final String EXPOSED = "--management.endpoints.web.exposure.include=*";
    private static final String ACCESS = "--management.endpoint.securememorypurge.access=";
    private static final byte[] NOTHING = {};

    private final TestKey key = TestKey.random();

    @TempDir
    Path directory;

    @Test
    void postWipesTheKeyAndOnlyPostDoes() {
        try (SampleProcess sample = start(EXPOSED, ACCESS + "unrestricted")) {
            assertThat(sample.get(PURGE).statusCode()).isEqualTo(405);
            assertThat(sign(sample)).isEqualTo(200);

            var response = sample.post(PURGE, NOTHING);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(JsonPath.<Integer>read(response.body(), "$.wiped")).isEqualTo(1);
            assertThat(JsonPath.<Integer>read(response.body(), "$.deferred")).isZero();
            assertThat(JsonPath.<Integer>read(response.body(), "$.failed")).isZero();
            assertThat(JsonPath.<Integer>read(response.body(), "$.bytes"))
                    .isEqualTo(key.text().length());
            assertThat(JsonPath.<Integer>read(response.body(), "$.millis")).isNotNegative();
            assertThat(response.body()).doesNotContain("webhook-key");
            assertThat(sign(sample)).isEqualTo(503);
            assertThat(JsonPath.<Integer>read(
                            sample.get("/actuator/securememory").body(), "$.counts.purgesTotal"))
                    .isEqualTo(1);
            assertThat(sample.output()).contains("Secure memory purged by the actuator endpoint: 1 secret wiped");
        }
    }

    @Test
    void itIsNotThereThoughEverythingIsExposed() {
        try (SampleProcess sample = start(EXPOSED)) {
            assertNotThere(sample);
        }
    }

    @Test
    void accessToReadIsNotEnough() {
        try (SampleProcess sample = start(EXPOSED, ACCESS + "read-only")) {
            assertNotThere(sample);
        }
    }

    private static void assertNotThere(SampleProcess sample) {
        assertThat(sample.get("/actuator").body()).contains("securememory").doesNotContain("securememorypurge");
        assertThat(sample.get(PURGE).statusCode()).isEqualTo(404);
        assertThat(sample.post(PURGE, NOTHING).statusCode()).isEqualTo(404);
        assertThat(sign(sample)).isEqualTo(200);
    }

    private static int sign(SampleProcess sample) {
        return sample.post("/sign", "x".getBytes(UTF_8)).statusCode();
    }

    private SampleProcess start(String... arguments) {
        return SampleCommand.withKeyFile(key.writeTo(directory.resolve("key")))
                .extracted()
                .arguments(arguments)
                .start();
    }
}
