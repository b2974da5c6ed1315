package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service whose operator exposes every endpoint with all values, and logs at the level of traces, still shows none of its
 * keys: one of text, one of bytes, one that the application makes of characters, and two that are decoded and rotated. An
 * ordinary property is found in the environment, the log and the heap dump: the search works.
 */
@TestInstance(Lifecycle.PER_CLASS)
@OnceInShortForm
class ExposureIT {

    private static final String HEAP_DUMP = "/actuator/heapdump?live=false";

    private final TestKey text = TestKey.random();
    private final byte[] bytes = new byte[32];
    private final TestKey characters = TestKey.random();
    private final EncodedKeys encoded = new EncodedKeys();
    private final TestKey control = TestKey.random();
    /** In a text that spells a property of a secret, as command lines do. So it is on the heap, but not to be shown. */
    private final TestKey mistake = TestKey.random();

    private final KeySearch search = new KeySearch();
    private SampleProcess sample;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        new SecureRandom().nextBytes(bytes);
        search.add("text", text).add("bytes", bytes).add("characters", characters);
        search.addText("control", control.text()).addText("mistake", mistake.text());
        encoded.addTo(search);
        encoded.writeTo(directory);
        Files.write(directory.resolve("bytes"), bytes);
        // Without a line break, which would become a part of the key.
        Files.write(directory.resolve("characters"), characters.bytes());
        Path properties = Files.writeString(
                directory.resolve("exposed.properties"),
                """
                management.endpoints.web.exposure.include=*
                management.endpoint.env.show-values=always
                management.endpoint.configprops.show-values=always
                management.endpoint.health.show-details=always
                management.endpoint.heapdump.access=unrestricted
                management.endpoint.securememory.show-names=true
                management.endpoint.securememorypurge.access=unrestricted
                management.info.env.enabled=true
                management.info.securememory.enabled=true
                info.ordinary=ordinary
                logging.level.root=trace
                securememory.secrets.bytes-key.location=file:%1$s/bytes
                securememory.secrets.bytes-key.trim=false
                exposure.command=java --securememory.secrets.bytes-key.value=%2$s
                exposure.characters=%1$s/characters
                exposure.control=%3$s
                """.formatted(directory, mistake.text(), control.text()) + EncodedKeys.properties(directory));
        sample = SampleCommand.withKeyFile(text.writeTo(directory.resolve("text")))
                .mainClass(ExposedApplication.class)
                .arguments("--spring.config.additional-location=file:" + properties)
                .start();
        useEverything(directory);
    }

    private void useEverything(Path directory) throws IOException {
        byte[] payload = "x".getBytes(UTF_8);
        assertThat(sample.post("/sign", payload).body()).contains(text.sign(payload));
        assertThat(sample.post("/verify", payload, "X-Signature", "malformed").statusCode())
                .isEqualTo(400);
        encoded.rotate(directory, sample);
        assertThat(sample.post("/sign", payload).body()).contains(text.sign(payload));
    }

    @AfterAll
    void stop() {
        search.close();
        if (sample != null) {
            sample.close();
        }
    }

    @Test
    void noEndpointShowsAKey() {
        List<Path> responses = new ArrayList<>();
        assertThat(paths()).hasSizeGreaterThan(50).allSatisfy(path -> {
            HttpResponse<Path> response = sample.download(path, path.replace('/', '_'));
            assertThat(response.statusCode()).isEqualTo(200);
            responses.add(response.body());
        });
        Evidence.keptUnless(
                responses, () -> assertThat(search.foundIn(responses)).containsOnlyKeys("control"));
    }

    @Test
    void controlIsFoundWhereValuesAreShown() {
        for (String path : List.of("/actuator/env", "/actuator/env/exposure.control")) {
            assertThat(search.foundIn(List.of(sample.download(path, "control").body())))
                    .as(path)
                    .containsOnlyKeys("control");
        }
        String properties = sample.get("/actuator/configprops/securememory").body();
        assertThat(properties).contains("\"location\":\"file:").contains("\"trim\":false");
        assertThat(sample.get("/actuator/env/securememory.secrets.bytes-key.location")
                        .body())
                .contains("/bytes");
        assertThat(sample.get("/actuator/env/exposure.command").body()).contains("\"value\":\"******\"");
    }

    @Test
    void namesOfSecretsAreShownOnRequest() {
        assertThat(JsonPath.<List<String>>read(
                        sample.get("/actuator/securememory").body(), "$.names"))
                .containsExactly("base64-key", "bytes-key", "hex-key", "webhook-key");
    }

    @Test
    void heapDumpHoldsTheControlAndNoKey() {
        Path dump = sample.download(HEAP_DUMP, "heap.hprof").body();

        assertThat(dump).isNotEmptyFile();
        Evidence.keptUnless(
                List.of(dump), () -> assertThat(search.foundIn(List.of(dump))).containsOnlyKeys("control", "mistake"));
    }

    @Test
    void logHoldsTheControlAndNoKey() {
        sample.get("/actuator/env");
        sample.get("/actuator/configprops");
        Path log = sample.directory().resolve("stdout.log");

        assertThat(sample.output()).contains("TRACE").contains("Ordinary property: ");
        List<Path> logs = List.of(log, sample.directory().resolve("stderr.log"));
        assertThat(search.foundIn(logs).keySet()).contains("control").isSubsetOf("control", "mistake");
    }

    /** All that can be fetched, except the heap dump, which is searched by a test of its own. */
    private List<String> paths() {
        SortedSet<String> paths = new TreeSet<>();
        String links = sample.get("/actuator").body();
        JsonPath.<List<Map<String, Object>>>read(links, "$._links.*").stream()
                .filter(link -> Boolean.FALSE.equals(link.get("templated")))
                .map(link -> URI.create((String) link.get("href")).getPath())
                .filter(path -> !path.endsWith("/heapdump") && !path.endsWith("/securememorypurge"))
                .forEach(paths::add);
        assertThat(paths)
                .contains("/actuator/beans", "/actuator/conditions", "/actuator/configprops", "/actuator/env")
                .contains("/actuator/health", "/actuator/info", "/actuator/loggers", "/actuator/mappings")
                .contains("/actuator/metrics", "/actuator/securememory", "/actuator/threaddump");
        JsonPath.<List<String>>read(sample.get("/actuator/metrics").body(), "$.names")
                .forEach(name -> paths.add("/actuator/metrics/" + name));
        paths.addAll(List.of(
                "/actuator/configprops/securememory",
                "/actuator/env/securememory.secrets.webhook-key.location",
                "/actuator/env/exposure.command",
                "/actuator/health/securememory",
                "/actuator/loggers/io.securememory"));
        return new ArrayList<>(paths);
    }
}
