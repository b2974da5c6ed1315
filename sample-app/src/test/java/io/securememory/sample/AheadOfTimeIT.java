package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sample in Spring's ahead-of-time mode on the virtual machine: bean definitions are generated code, on a machine that
 * has neither the key nor its file. A native image is not built here.
 */
@OnceInShortForm
class AheadOfTimeIT {

    private static final byte[] PAYLOAD = "{\"event\":\"order.paid\",\"id\":42}".getBytes(UTF_8);
    private static final int SIGTERM_EXIT = 128 + 15;

    @TempDir
    static Path build;

    private static AheadOfTime processed;

    private final TestKey key = TestKey.random();

    @TempDir
    Path directory;

    @BeforeAll
    static void process() throws IOException {
        processed = AheadOfTime.process(build);
    }

    @Test
    void whichSecretsThereAreIsDecidedAtStartAndTheyAreLoadedUsedAndWipedAsWithoutIt() throws IOException {
        assertThat(processed.generatedText()).doesNotContain("webhook-key");
        TestKey second = TestKey.random();
        SampleCommand command = command(key.writeTo(directory.resolve("key")))
                .arguments(
                        "--securememory.secrets.second.location=file:" + second.writeTo(directory.resolve("second")),
                        "--securememory.secrets.absent.location=file:" + directory.resolve("absent"),
                        "--securememory.secrets.absent.required=false");
        try (SampleProcess sample = command.start()) {
            assertThat(sample.output())
                    .contains("Starting AOT-processed SampleApplication")
                    .contains("Optional secret 'absent' has no bean");
            assertThat(sample.post("/sign", PAYLOAD).body()).contains(key.sign(PAYLOAD));
            assertThat(liveSecrets(sample)).isEqualTo(2);

            sample.signal("TERM");

            assertThat(sample.awaitExit()).isEqualTo(SIGTERM_EXIT);
            int bytes = key.text().length() + second.text().length();
            assertThat(sample.output()).containsOnlyOnce("Secure memory closed: 2 secrets wiped (" + bytes + " bytes)");
        }
    }

    @Test
    void aMissingSecretFailsTheStartWithTheSameAnalysis() throws IOException {
        Path absent = directory.resolve("absent");
        try (SampleProcess sample = command(absent).launch()) {
            assertThat(sample.awaitExit()).isEqualTo(1);
            assertThat(sample.output())
                    .contains("APPLICATION FAILED TO START")
                    .contains("'webhook-key'", absent.toString(), "Mount the file");
        }
    }

    private static int liveSecrets(SampleProcess sample) {
        return JsonPath.read(sample.get("/actuator/securememory").body(), "$.counts.liveSecrets");
    }

    private static SampleCommand command(Path keyFile) throws IOException {
        SampleCommand command = SampleCommand.withKeyFile(keyFile).jvmOptions("-Dspring.aot.enabled=true");
        if (Runtime.version().feature() >= 22) {
            command.jvmOptions("--enable-native-access=ALL-UNNAMED");
        }
        return command.fromClassPath(processed.classPath(), SampleApplication.class);
    }
}
