package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of databases rely on. */
@OnceInShortForm
class PostgresServerTest {

    /** Starts a server and dies. */
    static final class DyingProgram {

        private DyingProgram() {}

        public static void main(String[] arguments) throws IOException {
            PostgresServer server = PostgresServer.start(SecretText.random());
            System.out.println("server " + server.pid() + " " + server.directory());
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void theServerEndsAndIsDeletedWithAJvmThatDies(@TempDir Path directory) throws IOException {
        Result result =
                ChildJvm.onTestClassPath(DyingProgram.class).quickStart().run(directory);
        assertThat(result.exitCode()).as(result.output()).isZero();
        String[] line = result.output()
                .lines()
                .filter(each -> each.startsWith("server "))
                .findFirst()
                .orElseThrow()
                .split(" ", 3);

        Await.until(
                "the end of the server",
                () -> ProcessHandle.of(Long.parseLong(line[1])).isEmpty());
        assertThat(Files.exists(Path.of(line[2]))).isFalse();
    }
}
