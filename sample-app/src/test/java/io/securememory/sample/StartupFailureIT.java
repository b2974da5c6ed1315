package io.securememory.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads when the service does not start: what is wrong and what to do, and never what is in the file. */
@OnceInShortForm
class StartupFailureIT {

    @TempDir
    Path directory;

    @Test
    void missingKeyFileIsNamedWithTheRemedy() {
        Path file = directory.resolve("absent");

        assertThat(failureOf(command(file)))
                .contains("'webhook-key'", file.toString())
                .contains("Mount the file, or set securememory.secrets.webhook-key.location");
    }

    @Test
    void emptyKeyFileIsNamedWithTheRemedy() throws IOException {
        Path file = Files.createFile(directory.resolve("empty"));

        assertThat(failureOf(command(file))).contains(file.toString(), "is empty", "Write the secret");
    }

    @Test
    void keyFileLargerThanTheLimitOfLockedMemoryIsRefusedWithoutItsContent() {
        TestKey content = TestKey.random(10_000);
        Path file = content.writeTo(directory.resolve("large"));

        String failure = failureOf(command(file).arguments("--securememory.mlock.limit=4KB"));

        assertThat(failure)
                .contains(file.toString(), "the limit is 4096 bytes")
                .contains("securememory.mlock.policy", "securememory.mlock.limit");
        assertThat(content.parts()).noneMatch(failure::contains);
    }

    @Test
    void keyInThePlaceOfItsLocationIsNotPrinted() {
        TestKey key = TestKey.random();
        SampleCommand command = command(directory.resolve("unused"))
                .arguments("--securememory.secrets.webhook-key.location=" + key.text());

        String failure = failureOf(command);

        assertThat(failure).contains("securememory.secrets.webhook-key.location", "does not begin with file:");
        assertThat(key.parts()).noneMatch(failure::contains);
    }

    @Test
    void nativeAccessThatCannotBeHadIsNamedWithTheRemedy() {
        Path keyFile = TestKey.random().writeTo(directory.resolve("key"));
        SampleCommand command = SampleCommand.withKeyFile(keyFile);

        if (Runtime.version().feature() >= 24) {
            String failure =
                    failureOf(command.jvmOptions("--illegal-native-access=deny").withoutManifest());
            assertThat(failure).contains("Native access is denied", "--enable-native-access=ALL-UNNAMED");
        } else {
            String failure = failureOf(command.jvmOptions("-Djna.nounpack=true"));
            assertThat(failure).contains("cannot load its native library", "-Djna.tmpdir");
        }
    }

    @Test
    void aPortThatIsTakenFailsTheStartAndTheLoadedKeyIsWiped() throws IOException {
        TestKey key = TestKey.random();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String failure = failureOf(command(key.writeTo(directory.resolve("key")))
                    .arguments(
                            "--management.server.address=127.0.0.1",
                            "--management.server.port=" + taken.getLocalPort()));

            assertThat(failure)
                    .contains("Port " + taken.getLocalPort() + " was already in use")
                    .containsOnlyOnce("Secure memory closed: 1 secret wiped ("
                            + key.text().length() + " bytes)");
        }
    }

    private static SampleCommand command(Path keyFile) {
        return SampleCommand.withKeyFile(keyFile).extracted();
    }

    /** Starts the sample, which must give up with the analysis of a failure, and returns all that it prints. */
    private static String failureOf(SampleCommand command) {
        try (SampleProcess sample = command.launch()) {
            int exitCode = sample.awaitExit();
            String printed = sample.output() + sample.errors();
            assertThat(exitCode).as(printed).isEqualTo(1);
            assertThat(printed)
                    .containsSubsequence("APPLICATION FAILED TO START", "Description:", "Action:")
                    .doesNotContain("\tat ");
            return printed;
        }
    }
}
