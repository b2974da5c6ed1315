package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of the running service. */
@ExtendWith(SharedSample.class)
class ActuatorIT {

    private final SampleProcess sample;
    private final TestKey key;

    ActuatorIT(SampleProcess sample, TestKey key) {
        this.sample = sample;
        this.key = key;
    }

    @Test
    void endpointCountsTheKeyAndConfirmsItsProtections() {
        String body = body("/actuator/securememory");

        assertThat(JsonPath.<Integer>read(body, "$.counts.liveSecrets")).isEqualTo(1);
        assertThat(JsonPath.<Integer>read(body, "$.counts.canaryViolationsTotal"))
                .isZero();
        assertThat(JsonPath.<Integer>read(body, "$.counts.degradedTotal")).isZero();
        assertThat(JsonPath.<Integer>read(body, "$.memory.lockedBytes"))
                .isPositive()
                .satisfies(bytes -> assertThat(bytes % 4096).isZero());
        assertThat(JsonPath.<Boolean>read(body, "$.protection.complete")).isTrue();
        assertThat(JsonPath.<List<String>>read(body, "$.protection.items[?(@.state == 'ACTIVE')].name"))
                .contains("memory-lock", "dump-exclusion", "fork-exclusion", "guard-pages", "no-access-at-rest");
        assertThat(JsonPath.<List<String>>read(body, "$.protection.items[0:5].detail"))
                .allSatisfy(detail -> assertThat(detail).contains("The kernel confirms it"));
        assertThat(JsonPath.<List<String>>read(body, "$.protection.items[?(@.state == 'RISK')].remedy"))
                .allSatisfy(remedy -> assertThat(remedy).isNotBlank());
        assertThat(JsonPath.<String>read(body, "$.protection.kernelFlags").split(" "))
                .contains("lo", "dd", "wf");
    }

    @Test
    void endpointNamesNoSecretUnasked() {
        assertThat(body("/actuator/securememory")).doesNotContain("names").doesNotContain("webhook-key");
    }

    @Test
    void infoTellsTheVersionAndThatAllProtectionsAreInForce() {
        String body = body("/actuator/info");

        assertThat(JsonPath.<String>read(body, "$.secureMemory.version"))
                .isEqualTo(JsonPath.<String>read(body, "$.build.version"));
        assertThat(JsonPath.<String>read(body, "$.secureMemory.nativeAccess"))
                .isEqualTo(Runtime.version().feature() >= 22 ? "ffm" : "jna");
        assertThat(JsonPath.<String>read(body, "$.secureMemory.backing")).isEqualTo("anonymous");
        assertThat(JsonPath.<Boolean>read(body, "$.secureMemory.protectionComplete"))
                .isTrue();
        assertThat(JsonPath.<String>read(body, "$.secureMemory.crypto.engine")).isEqualTo("libcrypto");
        assertThat(JsonPath.<Map<String, Object>>read(body, "$.secureMemory")).hasSize(6);
    }

    @Test
    void healthShowsItsDetails() {
        String body = body("/actuator/health");

        assertThat(JsonPath.<String>read(body, "$.status")).isEqualTo("UP");
        assertThat(JsonPath.<String>read(body, "$.components.securememory.status"))
                .isEqualTo("UP");
        assertThat(JsonPath.<Integer>read(body, "$.components.securememory.details.lockedBytes"))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "securememory.secrets.live",
                "securememory.secrets.made",
                "securememory.secrets.closed",
                "securememory.secrets.leaked",
                "securememory.buffers.live",
                "securememory.enclaves.live",
                "securememory.sealing.windows",
                "securememory.rekey",
                "securememory.memory.locked",
                "securememory.memory.limit",
                "securememory.purges",
                "securememory.canary.violations",
                "securememory.secrets.degraded"
            })
    void metricHasAValueAndADescription(String name) {
        String body = body("/actuator/metrics/" + name);

        assertThat(JsonPath.<List<Object>>read(body, "$.measurements")).isNotEmpty();
        assertThat(JsonPath.<String>read(body, "$.description")).isNotBlank();
    }

    @Test
    void metricCountsTheKey() {
        assertThat(JsonPath.<Double>read(
                        body("/actuator/metrics/securememory.secrets.live"), "$.measurements[0].value"))
                .isEqualTo(1);
    }

    @Test
    void nothingThatIsExposedShowsTheKey() {
        sample.post("/sign", "x".getBytes(UTF_8));
        sample.post("/verify", "x".getBytes(UTF_8), "X-Signature", "malformed");

        assertThat(exposed()).hasSizeGreaterThan(20).allSatisfy(path -> {
            String body = body(path);
            assertThat(key.parts()).as(path).noneMatch(body::contains);
        });
    }

    @Test
    void logDoesNotShowTheKey() {
        String log = sample.output() + sample.errors();

        assertThat(log).contains("Started SampleApplication");
        assertThat(key.parts()).noneMatch(log::contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heapdump",
                "env",
                "configprops",
                "beans",
                "threaddump",
                "loggers",
                "shutdown",
                "securememorypurge"
            })
    void whatCouldShowOrChangeMoreIsNotExposed(String endpoint) {
        assertThat(sample.get("/actuator/" + endpoint).statusCode()).isEqualTo(404);
    }

    /** Paths of all endpoints and all metrics. */
    private List<String> exposed() {
        List<String> paths = new ArrayList<>(List.of(
                "/actuator", "/actuator/health", "/actuator/info", "/actuator/metrics", "/actuator/securememory"));
        JsonPath.<List<String>>read(body("/actuator/metrics"), "$.names")
                .forEach(name -> paths.add("/actuator/metrics/" + name));
        return paths;
    }

    private String body(String path) {
        HttpResponse<String> response = sample.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }
}
