package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecretSourceException;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.testsupport.Starter;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.DefaultResourceLoader;

class FileAccessTest {

    @TempDir
    Path directory;

    private static Object uid() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    @Test
    void anUnreadableFileIsDescribedByItsOwnerAndModeAndByWhoReads() throws IOException {
        Path file = write(directory, "key", "text");
        assertThat(FileAccess.problem(file))
                .matches("it belongs to uid \\d+ and gid \\d+ with mode 0600, and this process runs as uid " + uid()
                        + " and gid \\d+");
        assertThat(FileAccess.problem(directory.resolve("closed/key"))).contains("one of the directories");
    }

    @Test
    void theRemedySaysWhatWorksInDockerCompose() throws IOException {
        assertThat(FileAccess.remedy("a.property"))
                .contains("Compose ignores uid, gid and mode of such a secret")
                .contains("chown " + uid() + " FILE && chmod 400 FILE")
                .contains("environment: instead of file:")
                .contains("set a.property to one");
    }

    @Test
    void aSecretThatMayNotBeReadIsExplainedSo() {
        Path file = write(directory, "key", "text");
        SecretDeclaration declaration = SecretDeclaration.all(
                        Starter.bound("securememory.secrets.k.location=file:" + file)
                                .secrets(),
                        new DefaultResourceLoader())
                .iterator()
                .next();
        var denied = new SecretSourceException(
                SecretSourceException.Reason.UNREADABLE,
                file.toString(),
                "it cannot be read.",
                new AccessDeniedException(file.toString()));
        DeclaredSecretException failure = SecretFailures.notLoaded(declaration, denied);
        assertThat(failure.getMessage()).contains(file + ": it belongs to uid ");
        assertThat(failure.remedy()).isEqualTo(FileAccess.remedy("securememory.secrets.k.location"));
    }
}
