package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

/** Who is warned of a file that more users may read than the one who needs it, and who is not. */
@ExtendWith(OutputCaptureExtension.class)
class FileExposureTest {

    private static final String KEY = "securememory.secrets.key.";

    @TempDir
    Path directory;

    @Test
    void aFileThatEveryoneMayReadIsWarnedOfOnce(CapturedOutput output) throws Exception {
        Path file = write(directory, "key", MARKER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
        Starter.runner()
                .withPropertyValues(location("key", file))
                .run(context -> assertThat(text(context.getBean(Secret.class))).isEqualTo(MARKER));
        assertThat(Starter.logged(output, "WARN", SecretLoader.class)).hasSize(1);
        assertThat(output)
                .contains("The secret 'key' (securememory.secrets.key.location) was read from file " + file)
                .contains("chmod o-r " + file)
                .contains("defaultMode: 0400")
                .doesNotContain(MARKER);
    }

    @Test
    void aFileOfItsOwnerAndGroupIsNotWarnedOf(CapturedOutput output) throws Exception {
        Path file = write(directory, "key", MARKER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        Starter.runner()
                .withPropertyValues(location("key", file))
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(Starter.logged(output, "WARN", SecretLoader.class)).isEmpty();
    }

    @Test
    void aFileThatEveryoneMayReadIsNotWarnedOfWhereThatIsAcknowledged(CapturedOutput output) throws Exception {
        Path file = write(directory, "key", MARKER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Starter.runner()
                .withPropertyValues(location("key", file))
                .run(context -> assertThat(output).contains("set securememory.secrets.key.allow-world-readable=true."));
        int before = Starter.logged(output, "WARN", SecretLoader.class).size();
        Starter.runner()
                .withPropertyValues(location("key", file), KEY + "allow-world-readable=true")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(Starter.logged(output, "WARN", SecretLoader.class)).hasSize(before);
    }

    /** In memory, as Kubernetes mounts a Secret, and on a disk, as a copy of it. */
    @ParameterizedTest
    @CsvSource({"/dev/shm, INFO, WARN", "/var/tmp, WARN, INFO"})
    void aVolumeOfKubernetesIsNotWarnedOf(Path parent, String level, String other, CapturedOutput output)
            throws Exception {
        Path volume = Files.createTempDirectory(parent, "volume");
        try {
            Path data = Files.createDirectory(volume.resolve("..2026_01_02_03_04_05.678"));
            Files.setPosixFilePermissions(write(data, "key", MARKER), PosixFilePermissions.fromString("rw-r--r--"));
            Files.createSymbolicLink(volume.resolve("..data"), data.getFileName());
            Path file = Files.createSymbolicLink(volume.resolve("key"), Path.of("..data", "key"));
            Starter.runner()
                    .withPropertyValues(location("key", file))
                    .run(context ->
                            assertThat(text(context.getBean(Secret.class))).isEqualTo(MARKER));
            assertThat(Starter.logged(output, level, SecretLoader.class)).hasSize(1);
            assertThat(Starter.logged(output, other, SecretLoader.class)).isEmpty();
        } finally {
            FileSystemUtils.deleteRecursively(volume);
        }
    }
}
